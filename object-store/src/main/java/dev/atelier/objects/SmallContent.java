package dev.atelier.objects;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The rows of table {@code small_content}: contents that need no file, named {@code row:N} where a file's id would be. */
final class SmallContent {
  /** The longest content that is kept in a row. */
  static final int MOST = 16 << 10;

  private static final String PREFIX = "row:";

  private SmallContent() {}

  /** Whether the id of a content is that of a row. */
  static boolean is(String id) {
    return id.startsWith(PREFIX);
  }

  /** Inserts a content; its id. */
  static String put(Handle handle, byte[] content) {
    return PREFIX + handle.createQuery("INSERT INTO small_content (content) VALUES (:content) RETURNING id")
        .bind("content", content).mapTo(Long.class).one();
  }

  /** The content of a row; empty when it was deleted, and for the id of a file. */
  static Optional<byte[]> find(Handle handle, String id) {
    return !is(id) ? Optional.empty() : handle.createQuery("SELECT content FROM small_content WHERE id = :id")
        .bind("id", number(id)).mapTo(byte[].class).findOne();
  }

  /** Deletes those of the contents that are rows; the ids of the others, which are files. */
  static List<String> delete(Handle handle, List<String> ids) {
    List<String> files = new ArrayList<>();
    for (String id : ids) {
      if (is(id)) {
        handle.createUpdate("DELETE FROM small_content WHERE id = :id").bind("id", number(id)).execute();
      } else {
        files.add(id);
      }
    }
    return files;
  }

  private static long number(String id) {
    return Long.parseLong(id.substring(PREFIX.length()));
  }
}
