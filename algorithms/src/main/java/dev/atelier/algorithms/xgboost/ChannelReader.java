package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmLog;
import dev.atelier.algorithms.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Reads all files of a channel, nested folders included, in the order of their paths. */
final class ChannelReader {
  private final AlgorithmLog log;

  ChannelReader(AlgorithmLog log) {
    this.log = log;
  }

  /**
   * The channel's rows; empty when it holds no data.
   *
   * @param weighted whether the second column of CSV is the row's weight
   */
  Optional<LabelledRows> read(Path folder, ContentType type, boolean weighted) {
    log.info("File path " + folder + " of input files");
    List<Path> files = files(folder);
    if (files.isEmpty()) {
      return Optional.empty();
    }
    return switch (type) {
      case CSV -> readCsv(files, weighted);
      case LIBSVM -> readLibsvm(files);
      case PARQUET -> throw unsupported("application/x-parquet");
      case RECORDIO_PROTOBUF -> throw unsupported("application/x-recordio-protobuf");
    };
  }

  private static UserError unsupported(String type) {
    return new UserError("The ContentType " + type + " is not supported by this version of the algorithm; "
        + "use text/csv or text/libsvm.");
  }

  private static List<Path> files(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      if (files.stream().anyMatch(file -> file.getFileName().toString().startsWith("."))) {
        throw new UserError("Hidden file found in the data path! Remove that before training.");
      }
      return files.stream().filter(file -> !file.getFileName().toString().startsWith("_"))
          .filter(file -> file.toFile().length() > 0).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<LabelledRows> readCsv(List<Path> files, boolean weighted) {
    CsvRows rows = new CsvRows(weighted);
    Optional<Character> known = Optional.empty();
    for (Path file : files) {
      byte[] text = bytes(file);
      char delimiter = known.or(() -> CsvText.delimiter(text)).orElseThrow(() -> new UserError(
          "Could not determine delimiter on line " + snippet(CsvText.firstLine(text)) + ":\nin file "
              + file.getFileName()));
      if (known.isEmpty()) {
        log.info("Determined delimiter of CSV input is '" + delimiter + "'");
        known = Optional.of(delimiter);
      }
      try {
        rows.count = CsvText.read(text, delimiter, rows.count, rows);
      } catch (NumberFormatException e) {
        throw new UserError("Failed to load csv data with exception:\nfile " + file.getFileName() + ", "
            + e.getMessage());
      }
    }
    return rows.count == 0 ? Optional.empty() : Optional.of(rows.matrix());
  }

  private Optional<LabelledRows> readLibsvm(List<Path> files) {
    LibsvmRows rows = new LibsvmRows();
    for (Path file : files) {
      byte[] text = bytes(file);
      try {
        rows.count = LibsvmText.read(text, rows.count, rows);
      } catch (NumberFormatException e) {
        throw new UserError("First line '" + snippet(CsvText.firstLine(text)) + "...' of file '" + file.getFileName()
            + "' is not 'LIBSVM' format, or a later one is not. Please ensure the file is in 'LIBSVM' format.\n"
            + e.getMessage());
      }
    }
    return rows.count == 0 ? Optional.empty() : Optional.of(rows.matrix());
  }

  private static String snippet(String line) {
    return line.length() > 50 ? line.substring(0, 50) : line;
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (OutOfMemoryError tooLarge) {
      throw new UserError("The file " + file.getFileName() + " is too large to be read on this host; split it.");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float present(float value, String what) {
    if (Float.isNaN(value)) {
      throw new NumberFormatException("the " + what + " is missing");
    }
    return value;
  }

  /** Dense rows: label, weight when there is one, features. */
  private static final class CsvRows implements CsvText.Fields {
    private final Numbers.Floats features = new Numbers.Floats();
    private final Numbers.Floats labels = new Numbers.Floats();
    private final Numbers.Floats weights = new Numbers.Floats();
    private final boolean weighted;
    private int columns = -1;
    private int count;

    CsvRows(boolean weighted) {
      this.weighted = weighted;
    }

    @Override
    public void field(int row, int column, float value) {
      if (column == 0) {
        labels.add(present(value, "label"));
      } else if (weighted && column == 1) {
        weights.add(present(value, "weight"));
      } else {
        features.add(value);
      }
    }

    @Override
    public void rowEnd(int row, int width) {
      if (columns < 0) {
        columns = width;
      }
      if (width != columns) {
        throw new NumberFormatException("the row has " + width + " columns where the first has " + columns);
      }
      if (width < (weighted ? 3 : 2)) {
        throw new NumberFormatException("the row has no features");
      }
    }

    LabelledRows matrix() {
      int width = columns - (weighted ? 2 : 1);
      try {
        DMatrix matrix = new DMatrix(features.array(), count, width, Float.NaN);
        matrix.setLabel(labels.array());
        if (weighted) {
          matrix.setWeight(weights.array());
        }
        return new LabelledRows(matrix, count, width);
      } catch (XGBoostError e) {
        throw new UserError("Failed to load csv data with exception:\n" + e.getMessage());
      }
    }
  }

  /** Sparse rows. */
  private static final class LibsvmRows implements LibsvmText.Values {
    private final Numbers.Floats values = new Numbers.Floats();
    private final Numbers.Floats labels = new Numbers.Floats();
    private final Numbers.Floats weights = new Numbers.Floats();
    private int[] indices = new int[1024];
    private long[] starts = new long[1024];
    private int[] groups = new int[1024];
    private int grouped;
    private int columns;
    private int weightedRows;
    private int count;

    @Override
    public void label(int row, float label, float weight) {
      labels.add(present(label, "label"));
      weightedRows += Float.isNaN(weight) ? 0 : 1;
      weights.add(Float.isNaN(weight) ? 1 : weight);
      if (row + 1 >= starts.length) {
        starts = Arrays.copyOf(starts, starts.length * 2);
        groups = Arrays.copyOf(groups, groups.length * 2);
      }
      starts[row] = values.size();
    }

    @Override
    public void group(int row, int group) {
      groups[row] = group;
      grouped++;
    }

    @Override
    public void value(int row, int index, float value) {
      int at = values.size();
      values.add(value);
      if (at == indices.length) {
        indices = Arrays.copyOf(indices, at * 2);
      }
      indices[at] = index;
      columns = Math.max(columns, index + 1);
    }

    LabelledRows matrix() {
      try {
        long[] headers = Arrays.copyOf(starts, count + 1);
        headers[count] = values.size();
        DMatrix matrix = new DMatrix(headers, Arrays.copyOf(indices, values.size()), values.array(),
            DMatrix.SparseType.CSR, columns, Float.NaN, 0);
        matrix.setLabel(labels.array());
        if (weightedRows > 0) {
          matrix.setWeight(weights.array());
        }
        if (grouped > 0) {
          if (grouped != count) {
            throw new UserError("Failed to load libsvm data with exception:\nsome rows have a qid and some have none");
          }
          matrix.setQueryId(Arrays.copyOf(groups, count));
        }
        return new LabelledRows(matrix, count, columns);
      } catch (XGBoostError e) {
        throw new UserError("Failed to load libsvm data with exception:\n" + e.getMessage());
      }
    }
  }
}
