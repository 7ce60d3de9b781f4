package dev.atelier.studio.sharing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.compute.ComputeException;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.StudioBucket;
import dev.atelier.studio.kernels.NotebookFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** What is read from a home and laid there for its owner, by way of the Jupyter server that runs over it. */
public interface HomeFiles extends NotebookFiles {

  /**
   * Lays a notebook into the home's first folder, and never over what is there.
   *
   * @param name as it is to be called; a number is put to it when that is taken
   * @return its path
   */
  String add(Arn owner, String name, ObjectNode notebook) throws IOException;

  /** The bytes of a file; empty when there is none of the path. What is too large for the server is read as absent. */
  OptionalLong size(Arn owner, String path) throws IOException;

  /** A text file's content; empty when there is none of the path. */
  Optional<String> text(Arn owner, String path) throws IOException;

  /** The Git repository that a folder is in; empty when it is in none. */
  Optional<Checkout> checkout(Arn owner, String folder) throws IOException;

  /**
   * A notebook of a home that is to be stored elsewhere.
   *
   * @param most the bytes that it may have
   * @throws Fault it is not there, is none, is too large, or the files cannot be reached
   */
  static ObjectNode notebook(HomeFiles files, Arn owner, String path, int most) {
    OptionalLong size = reach(() -> files.size(owner, path));
    StudioBucket.requireSize(size, most);
    return reach(() -> files.read(owner, path)).orElseThrow(() -> size.isEmpty() ? absent(path)
        : Fault.validation("The file " + path + " is no notebook: JupyterLab cannot read it as one."));
  }

  /** The refusal of a path that has no file. */
  static Fault absent(String path) {
    return new Fault("ResourceNotFound", 404, "There is no file " + path + " in the home folder.");
  }

  /** Something that is done with the files of a home. */
  @FunctionalInterface
  interface InHome<T> {
    T perform() throws IOException;
  }

  /** Does something with the files of a home. @throws Fault HomeUnavailable: they cannot be reached */
  static <T> T reach(InHome<T> work) {
    try {
      return work.perform();
    } catch (IOException | ComputeException e) {
      throw new Fault("HomeUnavailable", 503, "The files of the home cannot be reached: " + e.getMessage() + ".");
    }
  }
}
