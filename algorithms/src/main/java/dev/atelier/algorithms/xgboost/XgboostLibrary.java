package dev.atelier.algorithms.xgboost;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads the native library from where the image keeps it. XGBoost's own loader would unpack 15 MB into the temporary
 * folder at each start; it is told that the work is done. Where the image's file is absent, that loader does its work.
 */
final class XgboostLibrary {
  private static final String PROPERTY = "atelier.xgboost.library";
  private static boolean loaded;

  private XgboostLibrary() {}

  @SuppressWarnings("restricted")
  static synchronized void load() {
    Path library = Path.of(System.getProperty(PROPERTY, "")).toAbsolutePath();
    if (loaded || !Files.isRegularFile(library)) {
      return;
    }
    try {
      Field initialized =
          Class.forName("ml.dmlc.xgboost4j.java.NativeLibLoader").getDeclaredField("initialized");
      initialized.setAccessible(true);
      System.load(library.toString());
      initialized.setBoolean(null, true);
      loaded = true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("XGBoost's loader has another shape than this release expects", e);
    }
  }
}
