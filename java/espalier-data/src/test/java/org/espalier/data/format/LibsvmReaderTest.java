/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.espalier.UserException;
import org.espalier.data.table.Contents;
import org.espalier.data.table.SparseTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibsvmReaderTest {

  @TempDir private Path folder;

  private Part read(byte[] content) {
    Path path = Bytes.write(folder.resolve("t.svm"), content);
    return LibsvmReader.read(DataFile.of(path), new LabelRange(3));
  }

  private void fails(String text, String message) {
    UserException e = assertThrows(UserException.class, () -> read(Bytes.text(text)));
    assertEquals(folder.resolve("t.svm") + ": " + message, e.getMessage());
  }

  @Test
  void rowsAreReadAndStaySparse() {
    byte[] text = Bytes.text("1 1:.5 4:2\n0\n2\t2:-1  3:0 # a comment\r\n\n0 4:1e2");
    for (byte[] content : new byte[][] {text, Bytes.gzip(text)}) {
      Part part = read(content);
      assertEquals(4, ((SparseTable) part.features()).nnz());
      assertArrayEquals(
          new float[][] {{0.5f, 0, 0, 2}, {0, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, 0, 100}},
          Contents.rows(part.features()));
      assertArrayEquals(new int[] {1, 0, 2, 0}, part.labels());
    }
  }

  @Test
  void signsBecomeClasses() {
    assertArrayEquals(new int[] {0, 1, 0}, read(Bytes.text("-1 1:1\n+1 1:2\n-1 1:3\n")).labels());
    fails(
        "0 1:1\n1 1:1\n-1 1:1\n",
        "row 3 has label -1 and row 1 one that is neither -1 nor 1, expected labels from 0, or -1"
            + " and 1.");
  }

  @Test
  void wrongTokensAreNamed() {
    String pair = ", expected index:value with an index from 1 to 67108864.";
    fails("1 1:1\n1 2\n", "row 2, character 3 holds \"2\"" + pair);
    fails("1 x:1\n", "row 1, character 3 holds \"x:1\"" + pair);
    fails("1 -3:1\n", "row 1, character 3 holds \"-3:1\"" + pair);
    fails("1 0:1\n", "row 1, character 3 holds \"0:1\", expected an index from 1 to 67108864.");
    fails(
        "1 99999999:1\n",
        "row 1, character 3 holds \"99999999:1\", expected an index from 1 to 67108864.");
    fails(
        "1 2:1 2:1\n",
        "row 1, character 7 holds \"2:1\", expected an index above 2, the one before it.");
    String finite = ", expected a finite single-precision number after the colon.";
    fails("1 2:nan\n", "row 1, character 3 holds \"2:nan\"" + finite);
    fails("1 2:\n", "row 1, character 3 holds \"2:\"" + finite);
    fails("1 2:1e99\n", "row 1, character 3 holds \"2:1e99\"" + finite);
  }

  @Test
  void wrongLabelsAreNamed() {
    String expected = ", expected a whole number from 0 to 2 as label.";
    fails("1 1:1\n3 1:1\n", "row 2, character 1 holds \"3\"" + expected);
    fails("0.5 1:1\n", "row 1, character 1 holds \"0.5\"" + expected);
    fails("1:1 2:1\n", "row 1, character 1 holds \"1:1\"" + expected);
  }

  @Test
  void aFileWithoutSamplesIsAnError() {
    fails("", "the file is empty.");
    fails(
        "# nothing\n",
        "the file holds no samples, expected rows of a label and index:value pairs.");
  }
}
