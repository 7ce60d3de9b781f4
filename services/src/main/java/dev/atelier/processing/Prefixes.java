package dev.atelier.processing;

import dev.atelier.jobs.S3Location;
import dev.atelier.models.sagemaker.ProcessingOutput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where an output goes. */
final class Prefixes {
  private Prefixes() {}

  /** The folders of a host that make up an output, with the prefix that each is stored under; it ends with a slash. */
  static Map<String, S3Location> of(ProcessingJob job, ProcessingOutput output) {
    String own = LocalPath.plain(output.s3Output().localPath());
    S3Location prefix = S3Location.parse(output.s3Output().s3Uri()).child("");
    Map<String, S3Location> prefixes = new LinkedHashMap<>();
    for (String folder : ProcessingWorkload.foldersOf(job, own)) {
      String below = Path.of(own).relativize(Path.of(folder)).toString();
      prefixes.put(folder, below.isEmpty() ? prefix : prefix.child(below).child(""));
    }
    return prefixes;
  }
}
