package dev.atelier.studio.kernels;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.kernel.Arn;
import java.io.IOException;
import java.util.Optional;

/** The notebooks in a home, by way of the Jupyter server that is there: the server opens no file of a home itself. */
public interface NotebookFiles {

  /**
   * A notebook as the file has it; empty when there is none of this path, or no Jupyter server runs.
   *
   * @param owner the ARN of the profile or space
   * @param path relative to the home
   */
  Optional<ObjectNode> read(Arn owner, String path) throws IOException;

  /** Replaces a notebook that was read. */
  void write(Arn owner, String path, ObjectNode notebook) throws IOException;
}
