/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.run.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.espalier.data.table.ImageShape;
import org.espalier.measure.ScaleFreeness;
import org.espalier.run.DegreeStatistics;
import org.espalier.run.EpochMetrics;
import org.espalier.run.LayerTopology;
import org.espalier.run.RunMetrics;
import org.espalier.run.RunSummary;
import org.espalier.run.TopologyMetrics;
import org.espalier.run.TopologySummary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportTest {

  private static final Optional<ImageShape> IMAGE = Optional.of(new ImageShape(2, 3, 1));

  private static RunSummary summary(String recipe, boolean finished, LayerTopology... layers) {
    return new RunSummary(
        recipe,
        "fashion-mnist-mini",
        "cpu",
        1,
        15,
        0.84,
        0.97,
        0.845,
        12,
        0.47,
        71_434,
        2_797_010,
        0.02554,
        28.5,
        1.9,
        0.4,
        0.9,
        31_000,
        1.5e13,
        142_868,
        9_000_000,
        90_000,
        3,
        536_870_912L,
        2,
        "17.0.15",
        "0.1.0",
        finished,
        "2026-01-02T03:04:05Z",
        TopologySummary.of(List.of(layers), Optional.empty()));
  }

  /** Three outputs, six inputs; inputs 2 and 5 have no connections. */
  private static LayerTopology layer() {
    return new LayerTopology("linear1", 3, 6, new int[] {0, 3, 3, 6}, new int[] {0, 1, 3, 0, 1, 4});
  }

  private static EpochMetrics epoch(int epoch, double testLoss, int nnz) {
    return epoch(epoch, testLoss, 0.7 + 0.001 * epoch, nnz);
  }

  private static EpochMetrics notEvaluated(int epoch) {
    return epoch(epoch, Double.NaN, Double.NaN, 8);
  }

  private static EpochMetrics epoch(int epoch, double testLoss, double testAccuracy, int nnz) {
    return new EpochMetrics(
        epoch,
        100L * epoch,
        1.0 / epoch,
        0.8,
        testLoss,
        testAccuracy,
        testAccuracy + 0.1,
        0.01,
        nnz,
        0.03,
        List.of(new EpochMetrics.Layer("linear1", nnz, nnz / 18.0)),
        1.5,
        0.1,
        0.2,
        4000,
        0);
  }

  private static RunMetrics metrics(int epochs) {
    List<EpochMetrics> done = new ArrayList<>();
    List<TopologyMetrics> updates = new ArrayList<>();
    for (int e = 1; e <= epochs; e++) {
      done.add(epoch(e, 1.0 / e, e == epochs ? 6 : 8));
      updates.add(
          new TopologyMetrics(
              e,
              e,
              100L * e,
              0.05,
              0.1 * e,
              0.2,
              0.1,
              List.of(new TopologyMetrics.Layer("linear1", 3, 2, 7, 0.4 / e, 0.1 * e, 0.2, 0.1))));
    }
    return new RunMetrics(done, updates);
  }

  private static ReportInput input(RunMetrics metrics) {
    return new ReportInput(
        summary("set-mlp", true, layer()), metrics, List.of(layer()), IMAGE, "a: 1\n");
  }

  /** The page is written so that it is also XML, apart from three lines of its head. */
  private static Document parse(String page) throws Exception {
    String xml = page.replaceAll("<!DOCTYPE html>|<meta [^>]*>", "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)));
  }

  private static List<Element> elements(Document page, String tag, String style) {
    NodeList found = page.getElementsByTagName(tag);
    List<Element> matching = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      Element element = (Element) found.item(i);
      if (element.getAttribute("class").equals(style)) {
        matching.add(element);
      }
    }
    return matching;
  }

  private static void assertSound(String page) throws Exception {
    Document document = parse(page);
    for (String tag : List.of("line", "rect", "circle", "path", "text", "svg")) {
      NodeList found = document.getElementsByTagName(tag);
      for (int i = 0; i < found.getLength(); i++) {
        var attributes = found.item(i).getAttributes();
        for (int a = 0; a < attributes.getLength(); a++) {
          String value = attributes.item(a).getNodeValue();
          boolean label = attributes.item(a).getNodeName().equals("aria-label");
          assertTrue(label || !value.matches(".*(NaN|Infinity|E-?\\d).*"), tag + ": " + value);
        }
        if (tag.equals("rect")) {
          Element bar = (Element) found.item(i);
          assertTrue(Double.parseDouble(bar.getAttribute("width")) > 0);
          assertTrue(Double.parseDouble(bar.getAttribute("height")) >= 0);
        }
      }
    }
  }

  @Test
  void showsTheNumbersOneLooksForAndAChartOfEachKind() throws Exception {
    String page = Report.render(input(metrics(15)));
    assertSound(page);
    for (String text :
        List.of(
            "84.00 %",
            "best 84.50 % in epoch 12",
            "39×",
            "71,434 of 2,797,010 dense weights",
            "1.90 s",
            "512 MiB",
            "Pruned and grown",
            "Density of each layer",
            "Explored and changed",
            "are inputs scale-free?",
            "Too few neurons of different degrees to tell.",
            "Where the network looks",
            "2 of 6 inputs have none")) {
      assertTrue(page.contains(text), text);
    }
    assertEquals(10, parse(page).getElementsByTagName("svg").getLength(), "charts and the map");
  }

  @Test
  void needsNothingFromElsewhere() {
    String page = Report.render(input(metrics(3)));
    for (String outside : List.of("http", "src=", "<link", "<script", "@import", "url(")) {
      assertFalse(page.contains(outside), outside);
    }
    assertTrue(page.contains("prefers-color-scheme: dark"));
  }

  @Test
  void textOfUsersCannotBecomeMarkup() throws Exception {
    String name = "<script>alert('x')</script>&\"";
    LayerTopology odd = new LayerTopology(name, 1, 1, new int[] {0, 1}, new int[] {0});
    String page =
        Report.render(
            new ReportInput(
                summary(name, true, odd),
                metrics(2),
                List.of(odd),
                Optional.empty(),
                "x: " + name));
    assertFalse(page.contains("<script"));
    assertSound(page);
    assertEquals("x: " + name, parse(page).getElementsByTagName("pre").item(0).getTextContent());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 61, 1000})
  void anyNumberOfEpochsIsDrawn(int epochs) throws Exception {
    assertSound(Report.render(input(metrics(epochs))));
  }

  @Test
  void lossesThatAreNotFiniteLeaveGaps() throws Exception {
    RunMetrics gaps =
        new RunMetrics(
            List.of(epoch(1, 0.5, 8), epoch(2, Double.NaN, 8), epoch(3, 1e30, 8)), List.of());
    String page = Report.render(input(gaps));
    assertSound(page);
    List<Element> curves = elements(parse(page), "path", "curve c1");
    assertEquals(2, curves.get(1).getAttribute("d").chars().filter(c -> c == 'M').count());
    for (EpochMetrics only : List.of(epoch(1, Double.NaN, 8), notEvaluated(1))) {
      assertSound(Report.render(input(new RunMetrics(List.of(only), List.of()))));
    }
  }

  @Test
  void linesGoOnOverEpochsWithoutEvaluation() throws Exception {
    List<EpochMetrics> epochs =
        List.of(notEvaluated(1), epoch(2, 0.5, 8), notEvaluated(3), epoch(4, 0.4, 8));
    Document page = parse(Report.render(input(new RunMetrics(epochs, List.of()))));
    List<Element> lines = elements(page, "path", "curve c1");
    lines.addAll(elements(page, "path", "curve c3"));
    assertEquals(3, lines.size());
    for (Element line : lines) {
      assertEquals("ML", line.getAttribute("d").replaceAll("[^ML]", ""));
    }
  }

  @Test
  void theBestEpochIsMarked() throws Exception {
    Document page = parse(Report.render(input(metrics(5))));
    List<Element> rings = elements(page, "circle", "ring c1");
    assertEquals(1, rings.size());
    assertEquals("test 70.50 %, epoch 5", rings.get(0).getTextContent());
  }

  @Test
  void pixelsAreColouredByTheirConnections() throws Exception {
    Document page = parse(Report.render(input(metrics(1))));
    Element map = elements(page, "svg", "map").get(0);
    assertEquals("0 0 3 2", map.getAttribute("viewBox"));
    NodeList pixels = map.getElementsByTagName("rect");
    assertEquals(6, pixels.getLength());
    assertEquals("#fde725", ((Element) pixels.item(0)).getAttribute("fill"));
    assertEquals("#2a184e", ((Element) pixels.item(5)).getAttribute("fill"));
    assertTrue(pixels.item(4).getTextContent().startsWith("row 1, column 1: 1"));
  }

  @Test
  void channelsAreAddedUpAndLargeImagesDrawnInBlocks() throws Exception {
    int[] degrees = new int[3 * 130 * 100];
    degrees[0] = 9;
    degrees[130 * 100 + 1] = 9;
    Markup out = new Markup();
    new SvgHeatMap(new ImageShape(130, 100, 3), degrees).addTo(out.open("body"));
    Document page = parse(out.close().toString());
    Element map = elements(page, "svg", "map").get(0);
    assertEquals("0 0 34 44", map.getAttribute("viewBox"));
    assertEquals("row 0, column 0: 2", map.getElementsByTagName("rect").item(0).getTextContent());
  }

  @Test
  void inputsThatAreNoImageAreSorted() throws Exception {
    ReportInput input =
        new ReportInput(
            summary("x", true, layer()), metrics(2), List.of(layer()), Optional.empty(), "");
    String page = Report.render(input);
    assertSound(page);
    assertTrue(page.contains("Input, by its connections"));
  }

  @Test
  void layersWithoutConnectionsAndWithAllAreDrawn() throws Exception {
    LayerTopology empty = new LayerTopology("empty", 2, 6, new int[3], new int[0]);
    LayerTopology full =
        new LayerTopology("full", 2, 2, new int[] {0, 2, 4}, new int[] {0, 1, 0, 1});
    for (ImageShape shape : List.of(new ImageShape(2, 3, 1), new ImageShape(9, 9, 9))) {
      assertSound(
          Report.render(
              new ReportInput(
                  summary("x", true, empty, full),
                  metrics(2),
                  List.of(empty, full),
                  Optional.of(shape),
                  "")));
    }
  }

  @Test
  void aFewHubsDoNotSqueezeTheHistogram() throws Exception {
    int[] degrees = new int[1000];
    Arrays.setAll(degrees, i -> i < 5 ? 3000 : i % 7);
    Markup out = new Markup();
    SvgHistogram chart =
        new SvgHistogram("x", "Connections", "inputs", DegreeStatistics.of(degrees, 5000));
    chart.addTo(out.open("body"));
    List<Element> bars = elements(parse(out.close().toString()), "rect", "bar");
    assertTrue(chart.isCut());
    assertEquals(8, bars.size());
    assertTrue(bars.get(7).getTextContent().matches("5 inputs with \\d+ or more connections.*"));
  }

  @Test
  void aRampFromDenseIsDrawnOnALogarithmicScale() throws Exception {
    List<TopologyMetrics> updates = new ArrayList<>();
    for (int u = 1; u <= 1000; u++) {
      double density = Math.max(0.01, Math.pow(1 - u / 900.0, 3));
      updates.add(
          new TopologyMetrics(
              u,
              1,
              10L * u,
              0.1,
              1,
              1 - density,
              0.01,
              List.of(
                  new TopologyMetrics.Layer("linear1", 9, 1, 9, density, 1, 1 - density, 0.01))));
    }
    RunMetrics ramp = new RunMetrics(List.of(epoch(1, 0.5, 8)), updates);
    String page = Report.render(input(ramp));
    assertSound(page);
    Element chart =
        elements(parse(page), "svg", "").stream()
            .filter(svg -> svg.getAttribute("aria-label").equals("Density of each layer"))
            .findFirst()
            .orElseThrow();
    assertTrue(chart.getTextContent().contains("10 %"), chart.getTextContent());
    String path = ((Element) chart.getElementsByTagName("path").item(0)).getAttribute("d");
    assertEquals(400, path.chars().filter(c -> c == 'M' || c == 'L').count(), "thinned");
  }

  @Test
  void tailsAreDrawnWithThePowerLawThatFitsThemBest() throws Exception {
    int[] degrees = new int[2000];
    Arrays.setAll(degrees, i -> (int) (4 * Math.pow((i + 0.5) / 2000, -1 / 1.5)));
    ScaleFreeness law = ScaleFreeness.of(degrees, 1);
    Markup out = new Markup();
    new SvgTailChart("x", "inputs", DegreeStatistics.of(degrees, 5000), law)
        .addTo(out.open("body"));
    String page = out.close().toString();
    assertSound(page);
    assertEquals(1, elements(parse(page), "path", "curve c4").size());
    List<Element> dots = elements(parse(page), "circle", "dot c1");
    assertEquals("2,000 inputs with 4 or more connections", dots.get(0).getTextContent());
    assertTrue(dots.get(dots.size() - 1).getTextContent().startsWith("1 inputs with"));
  }

  @Test
  void degreesOfManyLayersAreFoldedBehindTheFirst() throws Exception {
    LayerTopology[] layers = new LayerTopology[8];
    for (int l = 0; l < layers.length; l++) {
      layers[l] = new LayerTopology("conv" + (l + 1), 3, 6, layer().rowStart(), layer().column());
    }
    ReportInput input =
        new ReportInput(summary("x", true, layers), metrics(2), List.of(layers), IMAGE, "");
    Document page = parse(Report.render(input));
    List<String> folded = new ArrayList<>();
    for (Element details : elements(page, "details", "card wide")) {
      if (details.getElementsByTagName("svg").getLength() > 0) {
        assertEquals(4, details.getElementsByTagName("svg").getLength());
        folded.add(details.getElementsByTagName("summary").item(0).getTextContent());
      }
    }
    assertEquals(2, folded.size());
    assertTrue(folded.get(0).startsWith("conv7: "), folded.get(0));
  }

  @Test
  void aRunThatWasStoppedSaysSo() {
    ReportInput input =
        new ReportInput(summary("x", false, layer()), metrics(1), List.of(layer()), IMAGE, "");
    assertTrue(Report.render(input).contains("stopped early"));
    assertFalse(Report.render(input(metrics(1))).contains("stopped early"));
  }

  @Test
  void isTheSameInEveryLocale() {
    Locale usual = Locale.getDefault();
    String expected = Report.render(input(metrics(3)));
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(expected, Report.render(input(metrics(3))));
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void isWrittenInFull(@TempDir Path temp) throws Exception {
    Path file = temp.resolve("report.html");
    Report.write(file, input(metrics(3)));
    assertEquals(Report.render(input(metrics(3))), Files.readString(file));
  }
}
