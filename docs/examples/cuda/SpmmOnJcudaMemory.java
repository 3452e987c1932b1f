import java.util.Arrays;
import jcuda.Pointer;
import jcuda.Sizeof;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaMemcpyKind;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.backend.Epilogue;
import org.espalier.cuda.interop.JcudaBridge;
import org.espalier.cuda.interop.SharedDevice;
import org.espalier.sparse.CsrMatrix;
import org.espalier.tensor.DeviceBuffer;
import org.espalier.tensor.ElementType;
import org.espalier.tensor.Tensor;

/**
 * Multiplies a sparse matrix with a dense one, all in device memory that this program has allocated with JCuda: nothing is
 * copied for it. On the class path it needs espalier-cuda and org.jcuda:jcuda-natives:12.6.0:linux-x86_64.
 */
public class SpmmOnJcudaMemory {

  static final int ROWS = 2;
  static final int COLUMNS = 3;
  static final int POSITIONS = 4;
  static final int STRIDE = Tensor.strideFor(POSITIONS); // rows start on multiples of 64 bytes

  static final int[] ROW_START = {0, 2, 3};
  static final int[] COLUMN = {0, 2, 1};
  static final float[] VALUES = {1, 2, -1};

  public static void main(String[] args) {
    JCuda.setExceptionsEnabled(true);
    float[] x = new float[COLUMNS * STRIDE];
    for (int p = 0; p < POSITIONS; p++) {
      for (int c = 0; c < COLUMNS; c++) {
        x[c * STRIDE + p] = c + 10 * p;
      }
    }
    float[] y = new float[ROWS * STRIDE];
    Pointer rowStart = onDevice(Pointer.to(ROW_START), Sizeof.INT * ROW_START.length);
    Pointer column = onDevice(Pointer.to(COLUMN), Sizeof.INT * COLUMN.length);
    Pointer values = onDevice(Pointer.to(VALUES), Sizeof.FLOAT * VALUES.length);
    Pointer in = onDevice(Pointer.to(x), Sizeof.FLOAT * x.length);
    Pointer out = onDevice(Pointer.to(y), Sizeof.FLOAT * y.length);
    JCuda.cudaDeviceSynchronize(); // the backend's stream does not wait for others

    try (Backend backend = Backends.open("cuda", 1)) {
      multiply(backend, rowStart, column, values, in, out);
    }

    JCuda.cudaMemcpy(Pointer.to(y), out, Sizeof.FLOAT * y.length, cudaMemcpyKind.cudaMemcpyDeviceToHost);
    for (int r = 0; r < ROWS; r++) {
      System.out.println(Arrays.toString(Arrays.copyOfRange(y, r * STRIDE, r * STRIDE + POSITIONS)));
    }
    for (Pointer pointer : new Pointer[] {rowStart, column, values, in, out}) {
      JCuda.cudaFree(pointer);
    }
  }

  /** out = W in; a program that goes on in the backend's stream keeps its views open and does not wait. */
  static void multiply(
      Backend backend, Pointer rowStart, Pointer column, Pointer values, Pointer in, Pointer out) {
    JcudaBridge jcuda = new JcudaBridge(SharedDevice.of(backend));
    try (CsrMatrix weights =
            new CsrMatrix(
                ROWS,
                COLUMNS,
                VALUES.length,
                jcuda.wrap(rowStart, ElementType.INT32, ROW_START.length),
                jcuda.wrap(column, ElementType.INT32, COLUMN.length),
                jcuda.wrap(values, ElementType.FLOAT32, VALUES.length));
        DeviceBuffer inView = jcuda.wrap(in, ElementType.FLOAT32, COLUMNS * STRIDE);
        DeviceBuffer outView = jcuda.wrap(out, ElementType.FLOAT32, ROWS * STRIDE)) {
      Tensor x = new Tensor(inView, 0, COLUMNS, POSITIONS, STRIDE);
      Tensor y = new Tensor(outView, 0, ROWS, POSITIONS, STRIDE);
      backend.sparse().spmm(weights, null, x, y, Epilogue.NONE);
    } // closing a view waits for the work on it, and frees nothing
  }

  private static Pointer onDevice(Pointer host, long bytes) {
    Pointer device = new Pointer();
    JCuda.cudaMalloc(device, bytes);
    JCuda.cudaMemcpy(device, host, bytes, cudaMemcpyKind.cudaMemcpyHostToDevice);
    return device;
  }
}
