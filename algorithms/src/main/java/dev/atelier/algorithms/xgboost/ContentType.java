package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.UserError;
import java.util.Locale;

/** A format of records, as content types name it. */
enum ContentType {
  CSV, LIBSVM, PARQUET, RECORDIO_PROTOBUF;

  private static final String KNOWN = "csv, libsvm, parquet, recordio-protobuf, text/csv, text/libsvm, text/x-libsvm, "
      + "application/x-parquet, application/x-recordio-protobuf";

  /** Reads {@code text/csv; label_size=1} and its relatives; an empty text means LIBSVM, the algorithm's default. */
  static ContentType read(String text) {
    String[] parts = text.strip().toLowerCase(Locale.ROOT).split(";");
    String type = parts[0].strip();
    return switch (type) {
      case "csv", "text/csv" -> {
        for (int i = 1; i < parts.length; i++) {
          String[] parameter = parts[i].replace("\"", "").split("=", 2);
          if (parameter[0].strip().equals("label_size") && !parameter[parameter.length - 1].strip().equals("1")) {
            throw new UserError(text + " is not an accepted csv ContentType. "
                + "Optional parameter label_size must be equal to 1");
          }
        }
        yield CSV;
      }
      case "", "libsvm", "text/libsvm", "text/x-libsvm" -> LIBSVM;
      case "parquet", "application/x-parquet" -> PARQUET;
      case "recordio-protobuf", "application/x-recordio-protobuf" -> RECORDIO_PROTOBUF;
      default -> throw new UserError(text + " is not an accepted ContentType: " + KNOWN + ".");
    };
  }
}
