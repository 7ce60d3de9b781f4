package dev.atelier.studio.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.models.ServiceModel;
import dev.atelier.models.StringShape;
import dev.atelier.studio.HomePath;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.StudioBucket;
import dev.atelier.studio.sharing.HomeFiles;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Takes what a job runs from the home to S3, as it is then: what is edited later changes no job. */
final class JobInput {
  private static final int MOST_BYTES = 64 << 20;
  private static final String FOLDER = "notebook-jobs";

  private final KernelApps apps;
  private final HomeFiles files;
  private final StudioBucket bucket;

  JobInput(KernelApps apps, HomeFiles files, StudioBucket bucket) {
    this.apps = apps;
    this.files = files;
    this.bucket = bucket;
  }

  /**
   * Completes what was asked for and stores its notebook and scripts.
   *
   * @param folder a name that nothing was stored under yet
   * @throws Fault something asked for is not there, or the role may not write
   */
  Work store(Place place, ObjectNode asked, String folder) {
    Work work = WorkForm.read(asked);
    if (!(ServiceModel.load("sagemaker").shape("TrainingInstanceType") instanceof StringShape names)
        || !names.values().contains(work.instanceType())) {
      throw Fault.validation("There are no training jobs on the instance type " + work.instanceType() + ".");
    }
    Arn role = place.requireRole();
    S3Location usual = StudioBucket.usual(place.account(), place.region()).child(FOLDER);
    String inputS3 = work.inputS3().isEmpty() ? usual.toString() : work.inputS3();
    S3Location input = S3Location.parse(inputS3).child(folder).child("input");
    Work completed = work.completed(apps.images().uri(place, image(place, work)),
        work.role().isEmpty() ? role.toString() : work.role(), inputS3,
        work.outputS3().isEmpty() ? usual.toString() : work.outputS3(), input.toString());
    byte[] notebook = HomeFiles.notebook(files, place.owner(), work.path(), MOST_BYTES).toString()
        .getBytes(StandardCharsets.UTF_8);
    if (notebook.length > MOST_BYTES) {
      throw StudioBucket.tooLarge(MOST_BYTES);
    }
    bucket.require(role, place.region(), S3Location.parse(completed.outputS3()));
    put(place, role, input.child(work.notebook()), notebook);
    if (!work.script().isEmpty()) {
      String script = apps.scriptText(place, Arn.parse(work.script()).orElseThrow());
      put(place, role, input.child(TrainingRequest.START_SCRIPT), script.getBytes(StandardCharsets.UTF_8));
    }
    if (!work.initializationScript().isEmpty()) {
      String name = HomePath.name(work.initializationScript());
      if (name.equals(work.notebook()) || name.equals(TrainingRequest.START_SCRIPT)) {
        throw Fault.validation("The initialization script cannot have the name " + name + ", which the job's input has already.");
      }
      String script = HomeFiles.reach(() -> files.text(place.owner(), work.initializationScript()))
          .orElseThrow(() -> HomeFiles.absent(work.initializationScript()));
      put(place, role, input.child(name), script.getBytes(StandardCharsets.UTF_8));
    }
    return completed;
  }

  private Arn image(Place place, Work work) {
    return Arn.parse(work.imageArn()).orElseGet(() -> apps.images().defaultImage(place));
  }

  private void put(Place place, Arn role, S3Location location, byte[] content) {
    bucket.put(role, place.region(), location, content, Optional.empty());
  }
}
