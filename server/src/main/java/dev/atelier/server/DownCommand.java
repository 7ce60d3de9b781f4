package dev.atelier.server;

import dev.atelier.compute.local.RunFolder;
import dev.atelier.kernel.Arn;
import dev.atelier.metadata.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code atelier down}: ends the server of a data folder and its workloads, those of a server that is gone too. A job
 * whose program is ended here fails at the next start and says so; an endpoint is started again then.
 */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Ends the server and what it runs.")
final class DownCommand implements Callable<Integer> {
  static final String REASON = "The job's sandbox was ended by atelier down";

  private static final int PATIENCE_SECONDS = 30;

  @Mixin
  private DataOption data;

  @Override
  public Integer call() throws Exception {
    Optional<DataFolder.Server> server = data.server();
    if (server.isPresent()) {
      end(ProcessHandle.of(server.get().pid()).orElseThrow());
      System.err.println("atelier: the server on " + data.folder() + " has ended");
    }
    List<RunFolder.Found> ended = Compute.runFolder(data.folder()).endAll(REASON, Clock.systemUTC());
    ended.forEach(found -> System.err.println("atelier: ended "
        + Arn.parse(found.owner()).map(Arn::resource).orElse(found.owner()) + "\n  " + found.id()));
    if (server.isEmpty() && ended.isEmpty()) {
      data.requireServer();
    }
    return 0;
  }

  private void end(ProcessHandle process) throws InterruptedException, ExecutionException {
    CompletableFuture<Void> ended = CompletableFuture.runAsync(this::awaitLock);
    process.destroy();
    try {
      ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      process.destroyForcibly();
      awaitForced(ended);
    }
  }

  private static void awaitForced(CompletableFuture<Void> ended) throws InterruptedException, ExecutionException {
    try {
      ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandFailure("the server does not end; something on this machine keeps its data folder locked");
    }
  }

  /** A running server holds the folder's lock; that it is free is surer than that the process has gone. */
  private void awaitLock() {
    Path file = data.folder().resolve("lock");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock free = channel.lock()) {
      free.release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
