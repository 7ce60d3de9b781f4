package dev.atelier.compute.local;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.atelier.compute.Feed;
import dev.atelier.compute.Image;
import dev.atelier.compute.Mount;
import dev.atelier.compute.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Path;

/** The accepted specification beside its workload; it holds the environment, so only the server may read it. */
final class SpecFile {
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Mount.Scratch.class, name = "scratch"),
    @JsonSubTypes.Type(value = Mount.Files.class, name = "files"),
    @JsonSubTypes.Type(value = Mount.Packed.class, name = "packed"),
    @JsonSubTypes.Type(value = Mount.Copies.class, name = "copies"),
    @JsonSubTypes.Type(value = Mount.Texts.class, name = "texts"),
    @JsonSubTypes.Type(value = Mount.Unpacked.class, name = "unpacked"),
    @JsonSubTypes.Type(value = Mount.Feeds.class, name = "feeds"),
    @JsonSubTypes.Type(value = Mount.Folder.class, name = "folder"),
    @JsonSubTypes.Type(value = Mount.Volume.class, name = "volume")
  })
  private interface Mounts {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Image.Layered.class, name = "layered"),
    @JsonSubTypes.Type(value = Image.Reference.class, name = "reference")
  })
  private interface Images {}

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Feed.Piece.Content.class, name = "content"),
    @JsonSubTypes.Type(value = Feed.Piece.Text.class, name = "text")
  })
  private interface Pieces {}

  private static final ObjectMapper JSON =
      JsonMapper.builder().addMixIn(Mount.class, Mounts.class).addMixIn(Image.class, Images.class)
          .addMixIn(Feed.Piece.class, Pieces.class).build();

  private SpecFile() {}

  static byte[] write(WorkloadSpec spec) throws IOException {
    return JSON.writeValueAsBytes(spec);
  }

  static WorkloadSpec read(Path file) throws IOException {
    return JSON.readValue(file.toFile(), WorkloadSpec.class);
  }
}
