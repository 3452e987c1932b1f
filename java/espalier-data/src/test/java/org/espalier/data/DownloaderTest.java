/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.espalier.UserException;
import org.espalier.data.format.Bytes;
import org.espalier.data.format.Format;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloaderTest {

  private static final byte[] TRAIN = Bytes.text("0,1\n1,2\n");
  private static final byte[] TEST = Bytes.text("1,3\n");

  private final Map<String, byte[]> served = new ConcurrentHashMap<>();
  private HttpServer server;
  private Catalogue catalogue;

  @TempDir private Path root;

  @BeforeEach
  void serve() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = served.get(exchange.getRequestURI().getPath());
          exchange.sendResponseHeaders(body == null ? 404 : 200, body == null ? -1 : body.length);
          if (body != null) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
    served.put("/tiny/train.csv.gz", Bytes.gzip(TRAIN));
    served.put("/tiny/test.csv.gz", Bytes.gzip(TEST));
    Origin origin =
        Origin.UNKNOWN
            .withSha256(Map.of("train.csv", sha256(TRAIN), "test.csv", sha256(TEST)))
            .withAddress("http://address.invalid/of/the/set");
    SetDescription tiny = SetDescription.of("tiny", Format.CSV, "train.csv", "test.csv");
    catalogue = new Catalogue(List.of(tiny.withOrigin(origin)));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static String sha256(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }

  private URI mirror() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/");
  }

  private Dataset open(DownloadProgress progress) {
    DataRequest request = DataRequest.of("tiny").withProgress(progress);
    return Datasets.open(request, Places.under(root, mirror()), catalogue);
  }

  private String failure() {
    return assertThrows(UserException.class, () -> open(DownloadProgress.NONE)).getMessage();
  }

  private List<String> cached() throws IOException {
    if (!Files.exists(root.resolve("cache"))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(root.resolve("cache"))) {
      return files
          .filter(file -> !file.equals(root.resolve("cache")))
          .map(file -> root.resolve("cache").relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void aSetIsDownloadedOnceAndProgressIsTold() throws Exception {
    List<String> told = new ArrayList<>();
    Dataset set = open((file, received, total) -> told.add(file + " " + received + "/" + total));
    assertEquals(2, set.train().size());
    assertEquals(1, set.test().size());
    assertEquals(List.of("tiny", "tiny/test.csv.gz", "tiny/train.csv.gz"), cached());
    int size = Bytes.gzip(TRAIN).length;
    assertEquals("train.csv.gz 0/" + size, told.get(0));
    assertTrue(told.contains("train.csv.gz " + size + "/" + size), told.toString());
    served.clear();
    assertEquals(set.fingerprint(), open(DownloadProgress.NONE).fingerprint());
  }

  @Test
  void wrongContentIsRefusedAndLeavesNothing() throws Exception {
    served.put("/tiny/test.csv.gz", Bytes.gzip(Bytes.text("1,4\n")));
    String message = failure();
    assertTrue(message.contains("  - download: test.csv has SHA-256 "), message);
    assertTrue(message.contains("expected " + sha256(TEST)), message);
    assertEquals(List.of(), cached());
  }

  @Test
  void corruptContentIsRefusedAndLeavesNothing() throws Exception {
    byte[] packed = Bytes.gzip(TRAIN);
    packed[packed.length - 1] ^= 1;
    served.put("/tiny/train.csv.gz", packed);
    assertTrue(failure().contains("corrupt gzip data"));
    assertEquals(List.of(), cached());
  }

  @Test
  void aFileTheServerLacksIsNamedAndLeavesNothing() throws Exception {
    served.remove("/tiny/test.csv.gz");
    assertTrue(failure().contains("/tiny/test.csv.gz answers with status 404"));
    assertEquals(List.of(), cached());
  }

  @Test
  void aConnectionThatBreaksOffLeavesNothing() throws Exception {
    server.createContext(
        "/tiny/train.csv.gz",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          exchange.close();
        });
    String message = failure();
    assertTrue(message.contains("/tiny/train.csv.gz"), message);
    assertEquals(List.of(), cached());
  }

  @Test
  void aServerThatIsNotThereIsAReasonAndLeavesNothing() throws Exception {
    server.stop(0);
    String message = failure();
    assertTrue(message.contains("  - download: http://localhost:"), message);
    assertTrue(message.contains("cannot be fetched: Connect"), message);
    assertEquals(List.of(), cached());
  }

  @Test
  void aCacheThatCannotBeWrittenIsAReason() {
    Bytes.write(root.resolve("cache"), Bytes.text("a file in its place"));
    String message = failure();
    assertTrue(message.contains("  - download: the cache " + root.resolve("cache")), message);
    assertFalse(Files.isDirectory(root.resolve("cache")));
  }
}
