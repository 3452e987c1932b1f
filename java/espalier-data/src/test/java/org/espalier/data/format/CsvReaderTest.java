/* SPDX-License-Identifier: Apache-2.0 */
package org.espalier.data.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.espalier.UserException;
import org.espalier.data.format.CsvOptions.Header;
import org.espalier.data.format.CsvOptions.Label;
import org.espalier.data.table.Contents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {

  private static final float[][] ROWS = {{0.5f, -2}, {3, 1e-3f}};

  @TempDir private Path folder;

  private Part read(byte[] content, CsvOptions options) {
    Path path = Bytes.write(folder.resolve("t.csv"), content);
    return CsvReader.read(DataFile.of(path), options, new LabelRange(5));
  }

  private Part read(String text, CsvOptions options) {
    return read(Bytes.text(text), options);
  }

  private Part read(String text) {
    return read(text, CsvOptions.DEFAULT);
  }

  private void fails(String text, CsvOptions options, String message) {
    UserException e = assertThrows(UserException.class, () -> read(text, options));
    assertEquals(folder.resolve("t.csv") + ": " + message, e.getMessage());
  }

  private void fails(String text, String message) {
    fails(text, CsvOptions.DEFAULT, message);
  }

  @Test
  void labelComesFirstUnlessSaidOtherwise() {
    Part part = read("1,.5,-2\n4,3,1e-3\n");
    assertArrayEquals(ROWS, Contents.rows(part.features()));
    assertArrayEquals(new int[] {1, 4}, part.labels());
    Part last = read(".5,-2,1\n3,1e-3,4\n", new CsvOptions(Label.LAST, Header.DETECT));
    assertArrayEquals(ROWS, Contents.rows(last.features()));
    assertArrayEquals(new int[] {1, 4}, last.labels());
    Part none = read(".5,-2\n3,1e-3\n", new CsvOptions(Label.NONE, Header.DETECT));
    assertArrayEquals(ROWS, Contents.rows(none.features()));
    assertArrayEquals(new int[] {0, 0}, none.labels());
  }

  @Test
  void layoutOfTheTextDoesNotMatter() {
    String[] texts = {
      "1,.5,-2\r\n4,3,1e-3\r\n",
      "1,.5,-2\n4,3,1e-3",
      "1;.5;-2\n4;3;1e-3\n",
      "1\t.5\t-2\n4\t3\t1e-3\n",
      " 1 , .5 , -2 \n\n4,3 ,1e-3\n  \n",
      "\ufeff1,.5,-2\n4,3,1e-3\n",
      "1.0,.5,-2\n4.0,3,1e-3\n",
      "class,width,height\n1,.5,-2\n4,3,1e-3\n"
    };
    for (String text : texts) {
      assertArrayEquals(ROWS, Contents.rows(read(text).features()), text);
      assertArrayEquals(new int[] {1, 4}, read(text).labels(), text);
    }
    Part packed = read(Bytes.gzip(Bytes.text(texts[0])), CsvOptions.DEFAULT);
    assertArrayEquals(ROWS, Contents.rows(packed.features()));
  }

  @Test
  void headerMayBeDeclared() {
    String numbers = "9,8,7\n1,.5,-2\n4,3,1e-3\n";
    Part part = read(numbers, new CsvOptions(Label.FIRST, Header.PRESENT));
    assertArrayEquals(ROWS, Contents.rows(part.features()));
    fails(
        "class,width\n1,2\n",
        new CsvOptions(Label.FIRST, Header.ABSENT),
        "row 1, column 1 holds \"class\", expected a whole number from 0 to 4 as label.");
  }

  @Test
  void rowsLongerThanTheBufferAreRead() {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 3; row++) {
      text.append(row);
      for (int f = 0; f < 50_000; f++) {
        text.append(',').append(row * 1000 + f % 1000);
      }
      text.append('\n');
    }
    float[][] rows = Contents.rows(read(text.toString()).features());
    assertEquals(50_000, rows[2].length);
    assertEquals(2999, rows[2][49_999]);
    assertEquals(1007, rows[1][7]);
  }

  @Test
  void aRowWithAnotherNumberOfColumnsIsNamed() {
    fails("1,2,3\n1,2,3\n1,2\n", "row 3 has 2 columns, expected 3 as in row 1.");
    fails("1,2,3\n1,2,3,4\n", "row 2 has 4 columns, expected 3 as in row 1.");
    fails("a,b,c\n1,2,3\n1,x\n", "row 3 has 2 columns, expected 3 as in row 1.");
    fails(
        "1,2,3\n1,2,\n",
        "row 2, column 3 holds nothing, expected a finite single-precision number.");
  }

  @Test
  void aValueThatIsNoFiniteNumberIsNamed() {
    fails(
        "1,2,3\n1,nan,3\n",
        "row 2, column 2 holds \"nan\", expected a finite single-precision number.");
    fails(
        "1,2,3\n1,2,inf\n",
        "row 2, column 3 holds \"inf\", expected a finite single-precision number.");
    fails(
        "1,2,1e40\n", "row 1, column 3 holds \"1e40\", expected a finite single-precision number.");
    fails(
        "1,2,3\n1,two,3\n",
        "row 2, column 2 holds \"two\", expected a finite single-precision number.");
  }

  @Test
  void aLabelThatIsNoClassIsNamed() {
    String expected = ", expected a whole number from 0 to 4 as label.";
    fails("1,2\n1.5,2\n", "row 2, column 1 holds \"1.5\"" + expected);
    fails("1,2\n5,2\n", "row 2, column 1 holds \"5\"" + expected);
    fails("1,2\n-1,2\n", "row 2, column 1 holds \"-1\"" + expected);
    fails("1,2\nnan,2\n", "row 2, column 1 holds \"nan\"" + expected);
    fails(
        "2,1\n2,7\n",
        new CsvOptions(Label.LAST, Header.DETECT),
        "row 2, column 2 holds \"7\"" + expected);
  }

  @Test
  void aFileWithoutRowsIsAnError() {
    fails("", "the file is empty.");
    fails("\n \n", "the file holds blank lines only, expected rows of numbers.");
    fails("class,width\n", "the file holds a header line and no rows.");
    fails("1\n2\n", "row 1 has one column, expected a label and features separated by commas.");
  }
}
