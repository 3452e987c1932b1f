import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.topology.UniformDensity;
import org.espalier.train.SampleSource;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;

/** Trains on samples that a program already holds: in a float array, or in memory outside the heap. */
public class TrainOnYourData {

  public static void main(String[] args) {
    int samples = 600;
    int features = 20;
    float[] rows = new float[samples * features];
    int[] labels = new int[samples];
    for (int i = 0; i < samples; i++) {
      labels[i] = i % 3;
      rows[i * features + 5 * labels[i]] = 1 + i % 7; // one feature tells the class
    }
    FloatBuffer direct =
        ByteBuffer.allocateDirect(4 * rows.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    direct.put(rows).flip();

    SampleSource train = SampleSource.of(direct, features, labels, 3);
    SampleSource test = SampleSource.of(rows, features, labels, 3);
    NetworkSpec layers = NetworkSpec.inputs(features).sparseLinear(40).relu().denseLinear(3);
    TrainingPlan plan = TrainingPlan.set(10, 0.05);
    try (Backend backend = Backends.best();
        Network network =
            new NetworkBuilder(layers, new UniformDensity(0.3), WeightInit.HE, true, 1, plan.batchSize())
                .build(backend)) {
      var result = new Trainer(network, plan, new TrainingListener() {}).fit(train, test);
      System.out.printf("accuracy %.2f%n", result.test().accuracy());
    }
  }
}
