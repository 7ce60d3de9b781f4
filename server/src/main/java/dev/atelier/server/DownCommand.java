package dev.atelier.server;

import dev.atelier.compute.SandboxDoor;
import dev.atelier.compute.WorkloadId;
import dev.atelier.compute.WorkloadSpec;
import dev.atelier.compute.local.LocalComputeBackend;
import dev.atelier.compute.local.LocalComputeConfig;
import dev.atelier.metadata.DataFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code atelier down}: ends the server of a data folder, then the workloads that would outlive it. */
@Command(name = "down", mixinStandardHelpOptions = true, description = "Ends the server and what it runs.")
final class DownCommand implements Callable<Integer> {
  private static final int PATIENCE_SECONDS = 30;

  @Mixin
  private DataOption data;

  @Override
  public Integer call() throws Exception {
    DataFolder.Server server = data.requireServer();
    CompletableFuture<Void> ended = CompletableFuture.runAsync(this::awaitLock);
    ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroy);
    try {
      ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      ProcessHandle.of(server.pid()).ifPresent(ProcessHandle::destroyForcibly);
      awaitForced(ended);
    }
    int workloads = endWorkloads();
    System.err.println("atelier: the server on " + data.folder() + " has ended"
        + (workloads == 0 ? "" : ", and " + workloads + " workloads that it ran"));
    return 0;
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

  private int endWorkloads() {
    SandboxDoor closed = new SandboxDoor() {
      @Override
      public AutoCloseable open(WorkloadSpec spec, String host, Path socket) {
        return () -> { };
      }

      @Override
      public Map<String, String> environment(WorkloadSpec spec, String host, int port) {
        return Map.of();
      }
    };
    try (LocalComputeBackend backend = LocalComputeBackend.open(
        LocalComputeConfig.of(data.folder().resolve("run/work")), closed, Clock.systemUTC())) {
      List<WorkloadId> ids = List.copyOf(backend.list().keySet());
      ids.forEach(backend::remove);
      return ids.size();
    }
  }
}
