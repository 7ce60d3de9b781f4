package dev.atelier.compute.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.atelier.compute.Feed;
import dev.atelier.compute.Feed.Piece;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays out what a feeder reads: below {@code feed} of the host's folder the contents, one of each, and {@code plan}, a line
 * of JSON for each feed and one for each of its entries.
 */
final class FeedPlan {
  private static final JsonFactory JSON = new JsonFactory();

  private final FileFarm farm;
  private final int uid;
  private final Map<String, Path> contents = new LinkedHashMap<>();
  private final Map<Path, String> names = new LinkedHashMap<>();

  FeedPlan(int uid, long copyLimit) {
    this.uid = uid;
    this.farm = new FileFarm(uid, copyLimit);
  }

  void lay(Path work, List<Feed> feeds) throws IOException {
    Path top = work.resolve("feed");
    Files.createDirectory(top);
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path plan = top.resolve("plan");
    try (Writer out = Files.newBufferedWriter(plan)) {
      for (Feed feed : feeds) {
        line(out, json -> {
          json.writeStringField("feed", feed.name());
          json.writeNumberField("entries", feed.entries().size());
          json.writeBooleanField("recordIo", feed.recordIo());
          json.writeBooleanField("shuffled", feed.shuffled());
          json.writeNumberField("seed", feed.seed());
          json.writeNumberField("shard", feed.shard());
          json.writeNumberField("shards", feed.shards());
        });
        for (List<Piece> entry : feed.entries()) {
          line(out, json -> entry(json, entry));
        }
      }
    }
    Files.setPosixFilePermissions(plan, PosixFilePermissions.fromString("rw-r--r--"));
    Machine.give(plan, uid);
    farm.lay(top, contents, false);
  }

  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  private static void line(Writer out, Members members) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      members.write(json);
      json.writeEndObject();
    }
    out.write('\n');
  }

  private void entry(JsonGenerator json, List<Piece> pieces) throws IOException {
    json.writeArrayFieldStart("pieces");
    for (Piece piece : pieces) {
      json.writeStartObject();
      switch (piece) {
        case Piece.Content content -> {
          json.writeStringField("file", name(content.file()));
          json.writeBooleanField("gzip", content.gzip());
        }
        case Piece.Text text -> json.writeStringField("text", text.text());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private String name(Path file) {
    return names.computeIfAbsent(file, fresh -> {
      String name = Integer.toString(names.size());
      contents.put(name, fresh);
      return name;
    });
  }
}
