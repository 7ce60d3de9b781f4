package dev.atelier.studio.jobs;

import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Fault;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.StudioBucket;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.input.BoundedInputStream;

/** What a run left in S3: an archive with the notebook and its log, read as the execution role. */
final class JobResults {
  private static final int MOST_PACKED = 64 << 20;
  private static final int MOST_BYTES = 64 << 20;
  private static final long MOST_UNPACKED = 2L * MOST_BYTES;

  private final StudioBucket bucket;

  JobResults(StudioBucket bucket) {
    this.bucket = bucket;
  }

  /** A file of the archive. @throws Fault ResourceNotFound: there is none, or not yet; or S3's refusal */
  byte[] file(Place place, NotebookJob job, String name) {
    S3Location archive = S3Location.parse(job.work().outputS3()).child(job.trainingJob()).child("output/output.tar.gz");
    try {
      byte[] packed = bucket.read(place.requireRole(), place.region(), archive, MOST_PACKED);
      // whatever the archive says of itself: what is longer ends here
      TarArchiveInputStream entries = new TarArchiveInputStream(BoundedInputStream.builder()
          .setInputStream(new GZIPInputStream(new ByteArrayInputStream(packed))).setMaxCount(MOST_UNPACKED).get());
      for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (entry.isFile() && !entry.isSymbolicLink() && entry.getName().equals(name)) {
          byte[] content = entries.readNBytes(MOST_BYTES + 1);
          if (content.length > MOST_BYTES) {
            throw StudioBucket.tooLarge(MOST_BYTES);
          }
          return content;
        }
      }
    } catch (IOException e) {
      throw Fault.validation("What lies at " + archive + " is no archive of a notebook job.");
    } catch (Fault missing) {
      if (missing.status() != 404) {
        throw missing;
      }
    }
    throw new Fault("ResourceNotFound", 404, "The job has left no " + name + (job.status().ended() ? "." : " yet."));
  }
}
