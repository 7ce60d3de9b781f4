package dev.atelier.training;

import dev.atelier.compute.Mount;
import dev.atelier.compute.PackedFiles;
import dev.atelier.jobs.InputFiles;
import dev.atelier.jobs.StagingArea;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files of a channel in File mode, dealt out in order: each a link of its own, but the small ones of very many,
 * which are packed into one file.
 */
final class ChannelFiles implements AutoCloseable {
  /** Of each part; a link costs more time than a small content. */
  static final int MOST_LINKED = 1_000;

  private final StagingArea.Folder folder;
  private final boolean packs;
  private final Function<InputFiles.Found, Path> links;
  private final List<Part> parts = new ArrayList<>();
  private long count;

  private static final class Part {
    private final Map<String, Path> linked = new LinkedHashMap<>();
    private Optional<Packing> packing = Optional.empty();
  }

  private record Packing(Path image, PackedFiles files) {}

  /**
   * @param parts how many hosts the files are dealt out to
   * @param packs whether hosts can have packed files
   * @param links where a file was linked
   */
  ChannelFiles(int parts, StagingArea.Folder folder, boolean packs, Function<InputFiles.Found, Path> links) {
    this.folder = folder;
    this.packs = packs;
    this.links = links;
    for (int part = 0; part < parts; part++) {
      this.parts.add(new Part());
    }
  }

  void add(InputFiles.Found file) {
    Part part = parts.get((int) (count++ % parts.size()));
    if (!packs || file.content().isEmpty() || part.linked.size() < MOST_LINKED) {
      part.linked.put(file.name(), links.apply(file));
      return;
    }
    try {
      if (part.packing.isEmpty()) {
        Path image = folder.next();
        part.packing = Optional.of(new Packing(image, PackedFiles.create(image)));
      }
      part.packing.get().files().add(file.name(), file.content().get(), file.modified());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What each host has. */
  List<Mount> mounts(String inside) {
    List<Mount> mounts = new ArrayList<>();
    for (Part part : parts) {
      part.packing.ifPresent(ChannelFiles::finish);
      mounts.add(part.packing.<Mount>map(packing -> new Mount.Packed(inside, packing.image(), part.linked))
          .orElseGet(() -> new Mount.Files(inside, part.linked)));
    }
    return mounts;
  }

  private static void finish(Packing packing) {
    try {
      packing.files().finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Part part : parts) {
      part.packing.ifPresent(packing -> {
        try {
          packing.files().close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
