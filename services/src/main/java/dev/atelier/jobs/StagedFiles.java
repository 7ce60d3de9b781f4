package dev.atelier.jobs;

import dev.atelier.compute.ComputeException;
import dev.atelier.compute.Mount;
import dev.atelier.compute.PackedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The files of an input as hosts see them, dealt out in order: each a link of its own, but the small ones of very many,
 * which are packed into one file.
 */
public final class StagedFiles implements AutoCloseable {
  /** Of each part; a link costs more time than a small content. */
  public static final int MOST_LINKED = 1_000;

  private final StagingArea.Folder folder;
  private final boolean packs;
  private final Function<InputFiles.Found, Path> links;
  private final List<Part> parts = new ArrayList<>();
  /** Files whose names the next one may begin with, the longest last; names come in order. */
  private final Deque<String> open = new ArrayDeque<>();
  private Optional<String> clash = Optional.empty();
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
  public StagedFiles(int parts, StagingArea.Folder folder, boolean packs, Function<InputFiles.Found, Path> links) {
    this.folder = folder;
    this.packs = packs;
    this.links = links;
    for (int part = 0; part < parts; part++) {
      this.parts.add(new Part());
    }
  }

  public void add(InputFiles.Found file) {
    follow(file.name());
    Part part = parts.get((int) (count++ % parts.size()));
    if (!packs || file.small().isEmpty() || part.linked.size() < MOST_LINKED) {
      part.linked.put(file.name(), links.apply(file));
      return;
    }
    try {
      if (part.packing.isEmpty()) {
        Path image = folder.next();
        part.packing = Optional.of(new Packing(image, PackedFiles.create(image)));
      }
      InputFiles.Small small = file.small().get();
      if (!part.packing.get().files().add(file.name(), small.content(), small.modified())) {
        part.linked.put(file.name(), links.apply(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Notes a file that is a folder as well; of two that lie in different layers one would hide the other. */
  private void follow(String name) {
    while (!open.isEmpty() && !name.startsWith(open.getLast())) {
      open.removeLast();
    }
    for (String file : open) {
      if (name.length() == file.length() || name.charAt(file.length()) == '/') {
        clash = Optional.of(file);
      }
    }
    open.addLast(name);
  }

  /** What each host has. */
  public List<Mount> mounts(String inside) {
    List<Mount> mounts = new ArrayList<>();
    if (clash.isPresent() && parts.stream().anyMatch(part -> part.packing.isPresent())) {
      throw new ComputeException(clash.get() + " is the name of two files, or of a file and a folder");
    }
    for (Part part : parts) {
      part.packing.ifPresent(StagedFiles::finish);
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
