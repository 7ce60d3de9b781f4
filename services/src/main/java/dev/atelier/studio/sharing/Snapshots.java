package dev.atelier.studio.sharing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.atelier.jupyter.JupyterJson;
import dev.atelier.identity.SecretToken;
import dev.atelier.jobs.S3Location;
import dev.atelier.kernel.Arn;
import dev.atelier.kernel.Fault;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.studio.HomePath;
import dev.atelier.studio.KernelApps;
import dev.atelier.studio.KernelApps.Place;
import dev.atelier.studio.KernelApps.Sharing;
import dev.atelier.studio.StudioBucket;
import dev.atelier.studio.sharing.Snapshot.Details;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Notebooks shared by link: stored in S3 as the sender's execution role, and read as that of whoever opens the link. */
public final class Snapshots {
  private static final ObjectMapper JSON = JupyterJson.mapper();
  private static final int MOST_BYTES = 64 << 20;

  private final SnapshotStore store;
  private final KernelApps apps;
  private final HomeFiles files;
  private final StudioBucket bucket;
  private final Clock clock;

  public Snapshots(MetadataStore metadata, KernelApps apps, HomeFiles files, StudioBucket bucket, Clock clock) {
    this.store = new SnapshotStore(metadata);
    this.apps = apps;
    this.files = files;
    this.bucket = bucket;
    this.clock = clock;
  }

  /** What somebody shares. @param path of the notebook in the home */
  public record Wish(String path, boolean outputs, boolean git) {}

  /**
   * Stores a notebook as it is now.
   *
   * @throws Fault it is not there, is too large, or the domain or the role does not allow it
   */
  public Snapshot create(Place place, Wish wish) {
    String path = HomePath.notebook(wish.path());
    Sharing sharing = apps.sharing(place);
    if (wish.outputs() && !sharing.outputs()) {
      throw new Fault("AccessDeniedException", 403,
          "Outputs of cells are not shared in this domain: its NotebookOutputOption is Disabled.");
    }
    ObjectNode notebook = HomeFiles.notebook(files, place.owner(), path, MOST_BYTES);
    byte[] content = bytes(SharedNotebook.of(notebook, wish.outputs()));
    if (content.length > MOST_BYTES) {
      throw StudioBucket.tooLarge(MOST_BYTES);
    }
    Optional<Checkout> git = wish.git() ? HomeFiles.reach(() -> files.checkout(place.owner(), HomePath.folder(path)))
        : Optional.empty();
    String id = SecretToken.fresh();
    String owner = place.space().or(place::userProfile).orElseThrow();
    S3Location location = sharing.place().map(S3Location::parse)
        .orElseGet(() -> StudioBucket.usual(place.account(), place.region()).child("sharing"))
        .child(owner).child(id + ".ipynb");
    bucket.put(place.requireRole(), place.region(), location, content, sharing.key());
    Snapshot snapshot = new Snapshot(id, apps.domain(place), owner, HomePath.name(path), location,
        new Details(SharedNotebook.instanceType(notebook), SharedNotebook.kernel(notebook),
            SharedNotebook.kernelName(notebook), git), clock.instant().truncatedTo(ChronoUnit.MILLIS));
    store.insert(snapshot);
    return snapshot;
  }

  /** A snapshot of the domain that somebody works in. @throws Fault ResourceNotFound: that has none of this id */
  public Snapshot require(Place place, String id) {
    return require(apps.domain(place), id);
  }

  /** A snapshot of a domain. @throws Fault ResourceNotFound: that has none of this id */
  public Snapshot require(Arn domain, String id) {
    return store.find(domain, id).orElseThrow(() -> new Fault("ResourceNotFound", 404,
        "This domain has no such snapshot."));
  }

  /** The notebook of a snapshot. @throws Fault the viewer's role may not read it, or it is no longer there */
  public ObjectNode notebook(Place place, Snapshot snapshot) {
    byte[] content = bucket.read(place.requireRole(), place.region(), snapshot.location(), MOST_BYTES);
    try {
      // others may have written to the bucket since
      if (JSON.readTree(content) instanceof ObjectNode notebook) {
        return SharedNotebook.of(notebook, true);
      }
    } catch (IOException e) {
      // answered below
    }
    throw Fault.validation("What lies at " + snapshot.location() + " is no notebook any more.");
  }

  /** Lays a copy into the viewer's home and gives its path. */
  public String copy(Place place, Snapshot snapshot) {
    ObjectNode notebook = notebook(place, snapshot);
    return HomeFiles.reach(() -> files.add(place.owner(), snapshot.name(), notebook));
  }

  private static byte[] bytes(ObjectNode notebook) {
    try {
      return JSON.writeValueAsBytes(notebook);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
