package dev.atelier.compute;

import java.util.List;
import java.util.Map;

/**
 * One host of a workload, such as {@code algo-1}.
 *
 * @param name the host name inside the workload's network
 * @param image what its root file system holds
 * @param command the program and its arguments; never empty
 * @param environment the program's whole environment, beside what the backend must add (PATH, HOME, credentials)
 * @param workingDirectory absolute, inside
 * @param mounts folders of the store or the attempt, as seen inside
 * @param resources limits that really hold, or are reported as not limited
 * @param servicePort a TCP port on which the program will listen and that the server must reach; 0 for none
 * @param uid the user id inside; jobs 1000
 * @param gid the group id inside; jobs 1000, Studio apps 100
 */
public record HostSpec(
    String name,
    Image image,
    List<String> command,
    Map<String, String> environment,
    String workingDirectory,
    List<Mount> mounts,
    Resources resources,
    int servicePort,
    int uid,
    int gid) {
  public HostSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    mounts = List.copyOf(mounts);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("a host runs a command");
    }
  }
}
