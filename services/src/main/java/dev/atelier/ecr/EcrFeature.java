package dev.atelier.ecr;

import dev.atelier.compute.ContainerImages;
import dev.atelier.compute.Image;
import dev.atelier.identity.Authoriser;
import dev.atelier.identity.Credentials;
import dev.atelier.identity.IdentityFeature;
import dev.atelier.identity.RequestAccess;
import dev.atelier.jobs.JobRoles;
import dev.atelier.kernel.Arn;
import dev.atelier.kms.Keyring;
import dev.atelier.metadata.MetadataStore;
import dev.atelier.metadata.Secrets;
import dev.atelier.metadata.TagStore;
import dev.atelier.objects.ContentKeys;
import dev.atelier.objects.ObjectStore;
import dev.atelier.operation.OperationTable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** ECR, assembled. */
public final class EcrFeature {
  private final Parts parts;
  private final LayerKeys keys;
  private final Authoriser authoriser;

  private EcrFeature(Parts parts, LayerKeys keys, Authoriser authoriser) {
    this.parts = parts;
    this.keys = keys;
    this.authoriser = authoriser;
  }

  /** What the registry's protocol shares with the API. */
  record Parts(Repositories repositories, Images images, Layers layers, RegistryTokens tokens, DownloadUrls urls) {}

  /**
   * What ECR needs.
   *
   * @param layers a store for layers alone
   * @param ruleClock that lifecycle policies are applied by
   */
  public record Needs(MetadataStore metadata, ObjectStore layers, TagStore tags, Secrets secrets, Keyring keyring,
      Clock clock, Clock ruleClock) {}

  /**
   * Registers the operations.
   *
   * @param server where layers can be downloaded from
   */
  public static EcrFeature open(Needs needs, IdentityFeature identity, Supplier<URI> server, OperationTable table) {
    return open(needs, identity.credentials(), identity.authoriser(), server, table);
  }

  static EcrFeature open(Needs needs, Credentials credentials, Authoriser authoriser, Supplier<URI> server,
      OperationTable table) {
    LayerKeys keys = new LayerKeys(needs.secrets(), needs.keyring());
    Repositories repositories =
        new Repositories(needs.metadata(), new RepositoryStore(), needs.tags(), keys, needs.clock());
    LayerStore layerStore = new LayerStore();
    Layers layers = new Layers(needs.metadata(), layerStore,
        new LayerContents(needs.layers(), repositories, keys), needs.clock());
    Images images = new Images(needs.metadata(), new ImageStore(), layerStore, needs.clock());
    RegistryTokens tokens = new RegistryTokens(needs.secrets(), credentials, needs.clock());
    DownloadUrls urls = new DownloadUrls(needs.secrets(), server, needs.clock());
    new RepositoryApi(repositories, images, layers).register(table);
    new RepositoryPolicyApi(repositories, authoriser).register(table);
    new LayerApi(repositories, layers, urls).register(table);
    new ImageApi(repositories, images).register(table);
    new LifecycleApi(repositories, images, needs.metadata(), needs.ruleClock()).register(table);
    new RegistryApi(tokens, repositories, images).register(table);
    return new EcrFeature(new Parts(repositories, images, layers, tokens, urls), keys, authoriser);
  }

  /** Who decides about the repository of an ARN; empty when there is none. */
  public Optional<RequestAccess.Holding> holding(Arn repository) {
    return parts.repositories().holding(repository);
  }

  /** What docker's protocol is answered from. */
  public Registry registry(RequestAccess access) {
    return new Registry(parts, authoriser, access);
  }

  /** The copies of pushed images in an engine. @param data the server's folder, which names them among others' */
  public EngineImages copies(ContainerImages engine, Path data) {
    return new EngineImages(engine, HexFormat.of().toHexDigits(data.toAbsolutePath().toString().hashCode()),
        parts.images());
  }

  /**
   * Images of the catalogue, and those that were pushed.
   *
   * @param engine runs what was pushed, where there is one
   * @param layers folders that every image gets to see
   */
  public PushedImages images(RequestAccess access, JobRoles roles, dev.atelier.runtimes.Images catalogue,
      Optional<EngineImages> engine, List<Image.Layer> layers) {
    return new PushedImages(registry(access), roles, catalogue, engine, layers);
  }

  /** Opens the layers' contents for who re-reads them. */
  public ContentKeys ownKeys() {
    return LayerContents.keys(parts.repositories(), keys);
  }

  /**
   * What applies lifecycle policies and removes what nobody needs; it does not run until it is started.
   *
   * @param ruleClock that policies are applied by
   * @param engine has copies of what was pushed
   */
  public Upkeep upkeep(Clock ruleClock, Optional<EngineImages> engine) {
    return new Upkeep(parts.repositories(), parts.images(), parts.layers(), engine, ruleClock);
  }
}
