package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import dev.atelier.kernel.StorageFull;
import dev.atelier.metadata.MetadataStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The object that a commit made, if any, and the contents that are of no use once it is committed. */
record Replacement(Optional<StoredObject> object, List<String> contents) {

  /**
   * Commits the row of a new content. Its file, if it has one, is removed when the commit fails, those it replaces when
   * it succeeds.
   *
   * @throws Fault InsufficientStorage when the index has no space left
   */
  static Optional<StoredObject> commit(MetadataStore database, ObjectFiles content, Optional<String> file,
      Function<Handle, Replacement> work) {
    Replacement done;
    try {
      done = database.write(handle -> {
        Replacement made = work.apply(handle);
        return new Replacement(made.object, SmallContent.delete(handle, made.contents));
      });
    } catch (Fault e) {
      file.ifPresent(content::delete);
      throw e;
    } catch (RuntimeException e) {
      if (StorageFull.caused(e)) {
        file.ifPresent(content::delete);
        throw S3Fault.insufficientStorage();
      }
      // A commit that failed on the way to the disk may be found there after a restart: the file stays for the sweep.
      throw e;
    }
    file.ifPresent(content::settled);
    done.contents.forEach(content::delete);
    return done.object;
  }
}
