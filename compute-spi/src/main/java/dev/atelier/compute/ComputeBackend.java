package dev.atelier.compute;

import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Starts, watches and ends workloads. What it started outlives the server process: after a restart {@link #list} names
 * every workload that was started and not removed.
 */
public interface ComputeBackend extends AutoCloseable {

  /** Receives events from now on, and first the present state of every known workload. Called once, at start-up. */
  void watch(Consumer<WorkloadEvent> listener);

  /**
   * Starts a workload. Returns when it is found again after a crash; the program may start later. A known id is left
   * as it is.
   *
   * @throws ComputeException the workload cannot be started; nothing is left behind
   */
  void start(WorkloadSpec spec);

  /** Every workload that was started and not removed, with the state of each host by its name. */
  Map<WorkloadId, Map<String, WorkloadState>> list();

  /**
   * Sends the signal that containers get on stop (SIGTERM) to the program of every host, and SIGKILL to all that is
   * left after {@code grace}. Returns at once; events tell the end.
   */
  void stop(WorkloadId id, Duration grace);

  /**
   * What a host wrote on its standard output and error since byte {@code offset}, as it stands now; an empty list of
   * bytes when there is no more.
   */
  byte[] readLog(WorkloadId id, String host, long offset, int maxBytes);

  /** When a host's output had which length, as far as that was noted: to about a second, less exactly of long ago. */
  LogTimes logTimes(WorkloadId id, String host);

  /**
   * A tar stream of a scratch folder, read by a sandbox of the host's identity so that the server opens no path the
   * program could have changed. Regular files and folders, and links where they are asked for, within the limits;
   * anything else is left out and named in {@link CollectionLimits#leftOut} or {@link CollectionLimits#exceeded}.
   * Nothing else is missing: where too much of that had to be read past, the archive ends and the last one named says
   * that all which follows is missing, too.
   *
   * @param inside the folder as the host saw it; an absent folder is an empty archive
   */
  InputStream collect(WorkloadId id, String host, String inside, CollectionLimits limits);

  /**
   * The regular files below a folder that the host may write, read as {@link #collect} does; an absent folder has none.
   * The program may be changing them meanwhile. What is no regular file is named in {@link ListingLimits#special}.
   *
   * @throws ComputeException not all files within the limits could be told
   */
  List<HostFile> files(WorkloadId id, String host, String inside, ListingLimits limits);

  /**
   * As {@link #collect}, of chosen files alone; one that is gone is no error.
   *
   * @param names relative to the folder, as {@link #files} told them
   */
  InputStream collectFiles(WorkloadId id, String host, String inside, List<String> names, CollectionLimits limits);

  /** What the running hosts of a workload use now, by name; none for an unknown id. */
  Map<String, HostUsage> usage(WorkloadId id);

  /** A connection to the host's service port; fails with IOException's meaning in {@link ComputeException}. */
  SocketChannel connect(WorkloadId id, String host);

  /** The path of the unix socket behind {@link #connect}, for HTTP clients that dial by path. */
  Path serviceSocket(WorkloadId id, String host);

  /** Ends what still runs and deletes all that belongs to the workload. An unknown id is no error. */
  void remove(WorkloadId id);

  /** Makes a volume that is not there yet; on disk when this returns. Mounting one does the same. */
  void makeVolume(String name);

  /** The names of all volumes. */
  Set<String> volumes();

  /**
   * Deletes a volume with all it holds. An unknown one is no error.
   *
   * @throws ComputeException a workload that was not removed mounts it
   */
  void removeVolume(String name);

  /** Whether a host with this image can have {@link Mount.Packed}. */
  boolean mountsPacked(Image image);

  /** Sentences that name what this machine cannot limit or provide; empty when everything holds. */
  List<String> notLimited();

  /** Stops watching; the workloads go on. */
  @Override
  void close();
}
