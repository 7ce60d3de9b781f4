package dev.atelier.algorithms.xgboost;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Rows to predict, as one dense block; a missing value is NaN. */
record Rows(float[] values, int rows, int columns) {
  /** The most values that one request may spread out to. */
  private static final int LIMIT = 1 << 28;

  /** Reads a request's body; {@code features} is the model's width, which sparse rows are spread to. */
  static Rows read(byte[] body, ContentType type, int features) {
    try {
      return switch (type) {
        case CSV -> csv(body);
        case LIBSVM -> libsvm(body, features);
        case PARQUET, RECORDIO_PROTOBUF -> throw new ScoringError(415,
            "Content-type " + type + " is not supported by this version of the algorithm.");
      };
    } catch (NumberFormatException e) {
      throw new ScoringError(400, "Loading " + (type == ContentType.CSV ? "csv" : "libsvm")
          + " data failed with Exception, please ensure data is in "
          + (type == ContentType.CSV ? "csv" : "libsvm") + " format:\n " + e.getMessage());
    }
  }

  private static Rows csv(byte[] body) {
    Numbers.Floats values = new Numbers.Floats();
    int[] width = {-1};
    int rows = CsvText.read(body, CsvText.delimiter(body).orElse(','), 0, new CsvText.Fields() {
      @Override
      public void field(int row, int column, float value) {
        values.add(value);
      }

      @Override
      public void rowEnd(int row, int columns) {
        if (width[0] >= 0 && columns != width[0]) {
          throw new NumberFormatException("the row has " + columns + " columns where the first has " + width[0]);
        }
        width[0] = columns;
      }
    });
    return new Rows(values.array(), rows, Math.max(width[0], 0));
  }

  private static Rows libsvm(byte[] body, int features) {
    int count = 0;
    for (byte b : body) {
      count += b == '\n' ? 1 : 0;
    }
    if ((long) (count + 1) * features > LIMIT) {
      throw new ScoringError(413, "The rows spread out to more than " + LIMIT + " values.");
    }
    float[] values = new float[(count + 1) * features];
    Arrays.fill(values, Float.NaN);
    int rows = LibsvmText.read(unlabelled(body), 0, new LibsvmText.Values() {
      @Override
      public void label(int row, float label, float weight) {
        // a label is accepted and plays no part in a prediction
      }

      @Override
      public void group(int row, int group) {
        // as little as a label
      }

      @Override
      public void value(int row, int index, float value) {
        if (index >= features) {
          throw new ScoringError(400, "Unable to evaluate payload provided: Feature size of libsvm inference data "
              + (index + 1L) + " is larger than feature size of trained model " + features + ".");
        }
        values[row * features + index] = value;
      }
    });
    return new Rows(values, rows, features);
  }

  /** Rows may start with a label or not; those without get one, so that both read alike. */
  private static byte[] unlabelled(byte[] body) {
    StringBuilder text = new StringBuilder(body.length + 16);
    new String(body, StandardCharsets.ISO_8859_1).lines().filter(line -> !line.isBlank())
        .forEach(line -> {
          String row = line.strip();
          int space = row.indexOf(' ');
          text.append((space < 0 ? row : row.substring(0, space)).indexOf(':') >= 0 ? "0 " : "").append(row)
              .append('\n');
        });
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
