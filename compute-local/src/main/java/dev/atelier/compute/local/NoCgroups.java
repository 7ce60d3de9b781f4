package dev.atelier.compute.local;

import dev.atelier.compute.Resources;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A machine where the server may make no control groups. */
record NoCgroups(String why) implements Cgroups {
  @Override
  public List<Path> make(String name, Resources resources) {
    return List.of();
  }

  @Override
  public boolean ranOutOfMemory(String name) {
    return false;
  }

  @Override
  public OptionalLong peakMemory(String name) {
    return OptionalLong.empty();
  }

  @Override
  public void remove(String name) {
    // nothing was made
  }

  @Override
  public void close() {
    // nothing was made
  }

  @Override
  public List<String> notLimited() {
    return List.of("memory, cpu and number of processes of jobs are not limited: " + why);
  }
}
