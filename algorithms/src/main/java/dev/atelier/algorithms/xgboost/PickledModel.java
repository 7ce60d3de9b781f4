package dev.atelier.algorithms.xgboost;

import dev.atelier.algorithms.AlgorithmError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import net.razorvine.pickle.Unpickler;

/**
 * Boosters that Python pickled, as AWS's images of XGBoost up to 1.2 store them: the object is read as data, nothing
 * of it runs, and its bytes are a model in XGBoost's format of then.
 */
final class PickledModel {
  private static final byte[] FIRST_PROTOCOL = "ccopy_reg\n".getBytes(StandardCharsets.US_ASCII);
  private static final int LATER_PROTOCOLS = 0x80;

  static {
    Unpickler.registerConstructor("xgboost.core", "Booster", new PickledBooster());
  }

  private PickledModel() {}

  /**
   * The model inside a pickled booster; empty when the bytes are no pickle.
   *
   * @throws AlgorithmError it is the pickle of something else
   */
  static Optional<byte[]> unwrap(byte[] bytes) {
    boolean later = bytes.length > 1 && (bytes[0] & 0xff) == LATER_PROTOCOLS && bytes[1] < 6;
    if (!later && !startsWith(bytes, FIRST_PROTOCOL)) {
      return Optional.empty();
    }
    try {
      Object read = new Unpickler().loads(bytes);
      if (read instanceof Map<?, ?> state && state.get("handle") instanceof byte[] handle) {
        return Optional.of(handle);
      }
    } catch (IOException | RuntimeException e) {
      throw new AlgorithmError("It is a pickle that cannot be read: " + e.getMessage(), e);
    }
    throw new AlgorithmError("It is the pickle of something else than an XGBoost model", null);
  }

  private static boolean startsWith(byte[] bytes, byte[] start) {
    return bytes.length > start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
  }
}
