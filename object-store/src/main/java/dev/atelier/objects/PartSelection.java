package dev.atelier.objects;

import dev.atelier.kernel.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The rules by which Complete picks an upload's parts. */
final class PartSelection {
  private static final long LEAST = 5L << 20;

  private PartSelection() {}

  static List<UploadPart> of(String uploadId, List<CompletedPart> wanted, List<UploadPart> present) {
    if (wanted.isEmpty()) {
      throw S3Fault.of("MalformedXML", 400,
          "The XML you provided was not well-formed or did not validate against our published schema");
    }
    Map<Integer, UploadPart> byNumber =
        present.stream().collect(Collectors.toMap(UploadPart::number, Function.identity()));
    List<UploadPart> chosen = new ArrayList<>();
    int before = 0;
    for (CompletedPart part : wanted) {
      if (part.number() <= before) {
        throw new Fault("InvalidPartOrder", 400, "The list of parts was not in ascending order. Parts must be ordered "
            + "by part number.", Map.of("UploadId", uploadId));
      }
      before = part.number();
      UploadPart found = byNumber.get(part.number());
      if (found == null || !found.etag().equals(Conditions.unquoted(part.etag()))
          || part.checksum().isPresent() && !part.checksum().equals(found.checksum())) {
        throw S3Fault.invalidPart(uploadId, part.number(), part.etag());
      }
      chosen.add(found);
    }
    for (UploadPart part : chosen.subList(0, chosen.size() - 1)) {
      if (part.size() < LEAST) {
        throw new Fault("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size",
            Map.of("ETag", part.etag(), "MinSizeAllowed", Long.toString(LEAST), "PartNumber",
                Integer.toString(part.number()), "ProposedSize", Long.toString(part.size())));
      }
    }
    return List.copyOf(chosen);
  }
}
