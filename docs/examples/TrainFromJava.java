import org.espalier.backend.Backend;
import org.espalier.backend.Backends;
import org.espalier.data.DataRequest;
import org.espalier.data.Dataset;
import org.espalier.data.Datasets;
import org.espalier.nn.Network;
import org.espalier.nn.NetworkBuilder;
import org.espalier.nn.NetworkSpec;
import org.espalier.nn.WeightInit;
import org.espalier.topology.ErdosRenyiEpsilon;
import org.espalier.train.Trainer;
import org.espalier.train.TrainingListener;
import org.espalier.train.TrainingPlan;
import org.espalier.train.TrainingResult;

/** Trains a sparse network from Java. */
public class TrainFromJava {

  public static void main(String[] args) {
    Dataset data = Datasets.open(DataRequest.of("fashion-mnist-mini"));
    NetworkSpec layers =
        NetworkSpec.inputs(data.features())
            .sparseLinear(300).relu()
            .sparseLinear(300).relu()
            .denseLinear(data.classes());
    TrainingPlan plan = TrainingPlan.set(3, 0.02);
    NetworkBuilder builder =
        new NetworkBuilder(layers, new ErdosRenyiEpsilon(20), WeightInit.HE, true, 1, plan.batchSize());
    try (Backend backend = Backends.best();
        Network network = builder.build(backend)) {
      TrainingListener progress = new TrainingListener() {
        @Override
        public void onEpoch(EpochReport report) {
          System.out.printf("epoch %d: %.1f %%%n", report.epoch(), 100 * report.test().accuracy());
        }
      };
      Trainer trainer = new Trainer(network, plan, progress); // trainer.cancel() stops it from any thread
      TrainingResult result = trainer.fit(data.train(), data.test());
      System.out.printf("%,d of %,d weights, accuracy %.3f%n",
          network.activeWeights(), network.denseWeights(), result.test().accuracy());
    }
  }
}
