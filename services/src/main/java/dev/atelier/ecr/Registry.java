package dev.atelier.ecr;

import dev.atelier.identity.Authoriser;
import dev.atelier.identity.RequestAccess;
import dev.atelier.kernel.AccountId;
import dev.atelier.kernel.Caller;
import dev.atelier.kernel.Fault;
import dev.atelier.kernel.Region;
import dev.atelier.objects.ObjectReader;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The registry as docker's protocol needs it: every method but the token's works on what its caller was let in to. */
public final class Registry {
  private final Repositories repositories;
  private final Images images;
  private final Layers layers;
  private final RegistryTokens tokens;
  private final DownloadUrls urls;
  private final Authoriser authoriser;
  private final RequestAccess access;

  Registry(EcrFeature.Parts parts, Authoriser authoriser, RequestAccess access) {
    this.repositories = parts.repositories();
    this.images = parts.images();
    this.layers = parts.layers();
    this.tokens = parts.tokens();
    this.urls = parts.urls();
    this.authoriser = authoriser;
    this.access = access;
  }

  /** Where a repository is. */
  public record Place(AccountId account, Region region, String name) {}

  /** A layer that can be read; closing the reader ends that. */
  public record Blob(String digest, long size) {}

  /** An image with the text of its manifest. */
  public record Pulled(Image image, byte[] manifest) {}

  /** The principal of a token of GetAuthorizationToken, as basic authentication sends it; empty for an invalid one. */
  public Optional<Caller> caller(String token) {
    return tokens.caller(token);
  }

  /**
   * The repository, for a caller who may do this to it.
   *
   * @param action of ECR, such as {@code PutImage}
   * @param requestKeys condition keys of the request
   * @throws Fault AccessDeniedException, RepositoryNotFoundException
   */
  public Repository open(Caller caller, String action, Place place, Map<String, List<String>> requestKeys) {
    String arn = Repository.arn(place.account(), place.region(), place.name()).toString();
    authoriser.authorise(caller, access.ofRepository("ecr:" + action, arn).with(requestKeys));
    return repositories.require(place.account(), place.region(), place.name());
  }

  /** The repository at a place, whoever may use it. */
  Optional<Repository> find(Place place) {
    return repositories.find(place.account(), place.region(), place.name());
  }

  /** Returns when the caller may do something to no repository in particular. @throws Fault AccessDeniedException */
  public void authoriseAll(Caller caller, String action, Map<String, List<String>> requestKeys) {
    authoriser.authorise(caller, access.ofRepository("ecr:" + action,
        Repository.arn(caller.account(), caller.region(), "*").toString()).with(requestKeys));
  }

  /** Names of the caller's own repositories that come after one, in alphabetical order. */
  public List<String> names(Caller caller, String after, int most) {
    return repositories.names(caller.account(), caller.region(), after, most);
  }

  public Optional<Blob> blob(Repository repository, String digest) {
    return layers.find(repository, digest).map(layer -> new Blob(layer.digest(), layer.size()));
  }

  /** The content of a blob; empty when it is gone. */
  public Optional<ObjectReader> read(Repository repository, String digest) {
    return layers.find(repository, digest).map(layers::open);
  }

  /** The blob that an address of GetDownloadUrlForLayer leads to; empty when it is not valid any more. */
  public Optional<ObjectReader> download(String token) {
    return urls.read(token).flatMap(target -> repositories.byId(target.repository())
        .flatMap(repository -> read(repository, target.digest())));
  }

  /** Begins to take a blob; the id of the upload. */
  public String startUpload(Repository repository) {
    return layers.start(repository);
  }

  /** How many bytes an upload has. @throws Fault UploadNotFoundException */
  public long received(Repository repository, String upload) {
    return layers.received(repository, upload);
  }

  /**
   * Adds to an upload.
   *
   * @return how many bytes it has now
   * @throws Fault UploadNotFoundException, InvalidLayerPartException
   */
  public long append(Repository repository, String upload, OptionalLong first, OptionalLong length, InputStream body) {
    return layers.append(repository, upload, first, length, body);
  }

  /** @throws Fault UploadNotFoundException, InvalidLayerException */
  public void complete(Repository repository, String upload, String digest) {
    layers.complete(repository, upload, digest);
  }

  /** @throws Fault UploadNotFoundException */
  public void cancel(Repository repository, String upload) {
    layers.cancel(repository, upload);
  }

  /** Makes a blob of one repository another's; whether the first has it. */
  public boolean mount(Repository from, Repository to, String digest) {
    return layers.mount(from, to, digest);
  }

  /** @throws Fault as PutImage, but for an image that is there already */
  public Manifest put(Repository repository, byte[] manifest, Optional<String> type, ImageId id) {
    return images.put(repository, manifest, type, id.tag(), id.digest()).manifest();
  }

  public Optional<Pulled> pull(Repository repository, ImageId id) {
    return images.pull(repository, id).map(found -> new Pulled(found.image(), found.manifest()));
  }

  /** Deletes an image or a tag. @throws Fault ImageNotFoundException, ImageReferencedByManifestList */
  public void delete(Repository repository, ImageId id) {
    if (images.delete(repository, List.of(id)).getFirst() instanceof Images.Deletion.Refused refused) {
      throw refused.code().equals("ImageNotFound") ? EcrFault.imageNotFound(id, repository)
          : EcrFault.of(refused.code(), refused.reason());
    }
  }

  /** The tags that come after one, in alphabetical order. */
  public List<String> tags(Repository repository, String after, int most) {
    return images.tags(repository, after, most);
  }

  /** What says something about a manifest. */
  public List<Pulled> referrers(Repository repository, String digest) {
    return images.referrers(repository, digest).stream()
        .map(found -> new Pulled(found.image(), found.manifest())).toList();
  }
}
