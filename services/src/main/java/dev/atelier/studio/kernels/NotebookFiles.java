package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Arn;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Predicate;

/** The notebooks in a home, by way of the Jupyter server that is there: the server opens no file of a home itself. */
public interface NotebookFiles {

  /**
   * A notebook as the file has it; empty when there is none of this path, or no Jupyter server runs.
   *
   * @param owner the ARN of the profile or space
   * @param path relative to the home
   */
  Optional<ObjectNode> read(Arn owner, String path) throws IOException;

  /**
   * Changes a notebook, beginning anew where somebody saved it meanwhile.
   *
   * @param change changes what it is given; false when that is to be left as it is
   * @return false when there is no notebook of this path, or no Jupyter server runs
   * @throws IOException it cannot be written, or is saved all the time
   */
  boolean change(Arn owner, String path, Predicate<ObjectNode> change) throws IOException;
}
