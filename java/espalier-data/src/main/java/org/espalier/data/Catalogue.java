/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.espalier.data.format.CsvOptions;
import org.espalier.data.format.Format;

/** The data sets that are known by name: their files, sizes, checksums and where to get them. */
record Catalogue(List<SetDescription> sets) {

  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
  private static final CsvOptions CLASS_FIRST =
      new CsvOptions(CsvOptions.Label.FIRST, CsvOptions.Header.ABSENT);

  /** Returns the set of a name. */
  Optional<SetDescription> find(String name) {
    return sets.stream().filter(set -> set.name().equals(name)).findFirst();
  }

  /** Returns all names. */
  List<String> names() {
    return sets.stream().map(SetDescription::name).toList();
  }

  /** Returns the catalogue that ships with the program. */
  static Catalogue standard() {
    return new Catalogue(
        List.of(
            fashionMini(),
            fashion(),
            mnist(),
            cifar10(),
            cifar100(),
            idx("orl", 1024, 40),
            idx("yale", 1024, 15),
            idx("caltech101-silhouettes-28", 784, 101),
            csv("coil20", 1024, 20).withShape(32, 32, 1),
            csv("isolet", "isolet-train.csv", "isolet-test.csv", 617, 26),
            csv("madelon", "madelon-train.csv", "madelon-valid.csv", 500, 2),
            csv("arcene", "arcene-train.csv", "arcene-valid.csv", 10000, 2),
            csv("higgs-15k", "higgs-train.csv", "higgs-test.csv", 28, 2),
            csv("dna-splice", 180, 3).withSplit(new SplitRequest.First(2000)),
            csv("glioma", 4434, 4),
            csv("prostate-ge", 5966, 2),
            csv("khan-srbct", 2308, 4),
            csv("leukemia", 7070, 2),
            csv("colon", 2000, 2),
            csv("lymphoma", 4026, 9),
            csv("nci9", 9712, 9),
            csv("lung-small", 325, 7),
            SetDescription.of("pcmac", Format.LIBSVM, "pcmac.svm").withSize(3289, 2),
            SetDescription.of("basehock", Format.LIBSVM, "basehock.svm").withSize(4862, 2),
            SetDescription.of("a9a", Format.LIBSVM, "a9a-train.svm", "a9a-test.svm")
                .withFolders("a9a", "adult")
                .withSize(123, 2),
            SetDescription.of("w8a", Format.LIBSVM, "w8a.svm")
                .withFolders("w8a", "web")
                .withSize(300, 2)));
  }

  private static SetDescription csv(String name, int features, int classes) {
    return SetDescription.of(name, Format.CSV, name + ".csv")
        .withCsv(CLASS_FIRST)
        .withSize(features, classes);
  }

  private static SetDescription csv(
      String name, String train, String test, int features, int classes) {
    return SetDescription.of(name, Format.CSV, train, test)
        .withCsv(CLASS_FIRST)
        .withSize(features, classes);
  }

  private static SetDescription idx(String name, int features, int classes) {
    PartFiles all = PartFiles.of(Format.IDX, "all-images-idx3-ubyte", "all-labels-idx1-ubyte");
    return SetDescription.of(name, all, Optional.empty()).withSize(features, classes);
  }

  private static SetDescription likeMnist(String name) {
    return SetDescription.of(
            name,
            PartFiles.of(Format.IDX, TRAIN_IMAGES, TRAIN_LABELS),
            Optional.of(PartFiles.of(Format.IDX, TEST_IMAGES, TEST_LABELS)))
        .withSize(784, 10);
  }

  private static Origin ofContent(
      String trainImages, String trainLabels, String testImages, String testLabels) {
    return Origin.UNKNOWN.withSha256(
        Map.of(
            TRAIN_IMAGES,
            trainImages,
            TRAIN_LABELS,
            trainLabels,
            TEST_IMAGES,
            testImages,
            TEST_LABELS,
            testLabels));
  }

  private static SetDescription ofClothes(String name) {
    return likeMnist(name)
        .withClassNames(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot");
  }

  private static SetDescription fashionMini() {
    return ofClothes("fashion-mnist-mini")
        .withOrigin(
            ofContent(
                    "75160f837651dde775b4fd9dea1bb7553cfac40348cc57c68f6b39cb0074904a",
                    "04f45099e6fb006d6bc9513294ffdae927861e382b72e36787b8e11d386e3ea3",
                    "7cee33c3c6414b1b86c25e665a6c4f41584269de3b7cc9768b1d351922845eef",
                    "3128d790775889812b73c4f13923559c8b9e281d112c6ea7862acf60a206a909")
                .asShipped());
  }

  private static SetDescription fashion() {
    return ofClothes("fashion-mnist")
        .withOrigin(
            ofContent(
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")
                .withAddress(
                    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion")
                .withDebianPackage("dataset-fashion-mnist"));
  }

  private static SetDescription mnist() {
    return likeMnist("mnist")
        .withClassNames("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
        .withOrigin(
            ofContent(
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")
                .withAddress("https://storage.googleapis.com/cvdf-datasets/mnist"));
  }

  private static SetDescription cifar10() {
    PartFiles train =
        new PartFiles(
            Format.CIFAR10,
            List.of(
                "data_batch_1.bin",
                "data_batch_2.bin",
                "data_batch_3.bin",
                "data_batch_4.bin",
                "data_batch_5.bin"),
            Optional.empty());
    PartFiles test = PartFiles.of(Format.CIFAR10, "test_batch.bin");
    return SetDescription.of("cifar10", train, Optional.of(test))
        .withFolders("cifar10", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin")
        .withSize(3072, 10)
        .withClassNames(
            "airplane",
            "automobile",
            "bird",
            "cat",
            "deer",
            "dog",
            "frog",
            "horse",
            "ship",
            "truck")
        .withOrigin(
            Origin.UNKNOWN.withHomepage("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"));
  }

  private static SetDescription cifar100() {
    return SetDescription.of("cifar100", Format.CIFAR100, "train.bin", "test.bin")
        .withFolders("cifar100", "cifar-100-binary", "cifar100/cifar-100-binary")
        .withSize(3072, 100)
        .withOrigin(
            Origin.UNKNOWN.withHomepage(
                "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"));
  }
}
