package dev.atelier.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder {@code <bucket>/<key>}, read so that nothing below it is followed out of it: every step is taken from an open
 * folder, and a symbolic link is never one.
 */
final class SampleFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SampleFolder.class);
  private static final int LONGEST_KEY = 1024;
  private static final char UNDECODABLE = '\uFFFD';

  private final Path path;
  private final SecureDirectoryStream<Path> root;

  private SampleFolder(Path path, SecureDirectoryStream<Path> root) {
    this.path = path;
    this.root = root;
  }

  /**
   * One file.
   *
   * @param stamp changes when the file is replaced or written to
   */
  record Sample(String key, String stamp, Content content) {}

  /** Opens a file's content anew. */
  interface Content {
    InputStream open() throws IOException;
  }

  /** Takes the samples of a bucket, each while its folder is open. */
  interface Taker {
    void take(Sample sample) throws IOException;
  }

  static SampleFolder open(Path path) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(path);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return new SampleFolder(path, secure);
    }
    stream.close();
    throw new IllegalArgumentException("the file system of " + path + " cannot be read safely");
  }

  /**
   * The names of the folders in it. Plain files, such as a README, are none of a bucket's.
   *
   * @throws IllegalArgumentException for a symbolic link
   */
  List<String> buckets() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path entry : entries(root)) {
      BasicFileAttributes attributes = attributes(root, entry);
      if (attributes.isSymbolicLink()) {
        throw new IllegalArgumentException(path.resolve(entry) + " is a symbolic link, which is not followed");
      }
      if (attributes.isDirectory()) {
        names.add(entry.toString());
      }
    }
    return names;
  }

  void each(String bucket, Taker taker) throws IOException {
    Path name = Path.of(bucket);
    try (SecureDirectoryStream<Path> folder = root.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      each(folder, path.resolve(name), "", taker);
    }
  }

  private static void each(SecureDirectoryStream<Path> folder, Path path, String prefix, Taker taker)
      throws IOException {
    for (Path entry : entries(folder)) {
      String key = prefix + entry;
      BasicFileAttributes attributes = attributes(folder, entry);
      if (key.indexOf(UNDECODABLE) >= 0 || key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
        LOG.warn("{} is left out: its name is no key", path.resolve(entry));
      } else if (attributes.isDirectory()) {
        try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(entry, LinkOption.NOFOLLOW_LINKS)) {
          each(inner, path.resolve(entry), key + "/", taker);
        }
      } else if (attributes.isRegularFile()) {
        String stamp = attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey();
        taker.take(new Sample(key, stamp, () -> Channels.newInputStream(
            folder.newByteChannel(entry, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))));
      } else {
        LOG.warn("{} is left out: it is {}", path.resolve(entry),
            attributes.isSymbolicLink() ? "a symbolic link, which is not followed" : "no plain file");
      }
    }
  }

  private static List<Path> entries(SecureDirectoryStream<Path> folder) throws IOException {
    List<Path> names = new ArrayList<>();
    try {
      folder.forEach(entry -> names.add(entry.getFileName()));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path entry) throws IOException {
    return folder.getFileAttributeView(entry, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes();
  }

  @Override
  public void close() throws IOException {
    root.close();
  }
}
