package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.atelier.compute.CollectionLimits;
import dev.atelier.compute.ComputeException;
import dev.atelier.compute.ListingLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
  private static final ListingLimits LISTING = new ListingLimits(10, 1_000, left -> { });
  private static final CollectionLimits COLLECTION = new CollectionLimits(10, 10, left -> { });

  @TempDir Path folder;

  @Test
  void aSandboxThatDoesNotStartIsNoFolderWithoutFiles() throws IOException {
    Path full = Files.createDirectory(folder.resolve("full"));
    Files.writeString(full.resolve("file"), "content");
    // bwrap refuses it, if it comes so far, and exits with 1 as find does when a file has vanished
    Path filter = Files.writeString(folder.resolve("filter"), "no program");
    Collector collector = new Collector(new HelperSandbox(folder.resolve("stage"), filter, 1000));
    HostMounts.Place place = new HostMounts.Place(full, Path.of(""));
    assertThatThrownBy(() -> collector.files(place, LISTING))
        .isInstanceOf(ComputeException.class).hasMessageContaining("cut short bwrap: ");
  }

  @Test
  void aProcessWhoseOutputCannotBeReadIsEnded() {
    Broken process = new Broken();
    assertThatThrownBy(() -> Collector.clean(process, COLLECTION, List.of()))
        .isInstanceOf(ComputeException.class).hasMessageContaining("the pipe is gone");
    assertThat(process.destroyed).isTrue();
  }

  /** Runs until it is ended, and says nothing that can be read. */
  private static final class Broken extends Process {
    private boolean destroyed;

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          throw new IOException("the pipe is gone");
        }
      };
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public int waitFor() {
      return exitValue();
    }

    @Override
    public int exitValue() {
      if (!destroyed) {
        throw new IllegalThreadStateException("it runs");
      }
      return 137;
    }

    @Override
    public void destroy() {
      destroyed = true;
    }
  }
}
