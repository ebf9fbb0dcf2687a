package dev.modelflow.cli.export;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.FileException;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.stack.StateFolder;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.objects.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Copies a run's release out of the object store, where people find it. */
public final class Releases {
  private static final String FOLDER = "releases";

  private Releases() {}

  /** Where the release of this run is copied to, whether it is there or not. */
  public static Path folder(StateFolder state, Run run) {
    return state.file(FOLDER).resolve(run.id());
  }

  /**
   * Copies what is not there yet; then the folder is complete and checked file by file.
   *
   * @throws dev.modelflow.cli.client.ApiException when the server does not give a file
   * @throws ExportException when a file cannot be written or arrived damaged
   */
  public static void materialise(Api api, StateFolder state, Run run) {
    String artifact = run.output("release", "release").orElseThrow().artifact();
    try {
      Path folder = state.folder(FOLDER).resolve(run.id());
      for (JsonNode each : api.get(Api.path("artifacts", artifact)).path("files")) {
        ManifestFile file =
            new ManifestFile(
                each.path("path").asString(""),
                each.path("size").asLong(0),
                new Digest(each.path("sha256").asString("")));
        fetch(api, artifact, file, folder.resolve(file.path()));
      }
    } catch (IOException | UncheckedIOException | FileException failure) {
      throw new ExportException(FileException.sentence(failure), failure);
    }
  }

  private static void fetch(Api api, String artifact, ManifestFile file, Path target)
      throws IOException {
    if (Files.exists(target) && Digests.of(target).equals(file.sha256())) {
      return;
    }
    String[] segments = file.path().split("/", -1);
    StringBuilder path = new StringBuilder(Api.path("artifacts", artifact, "files"));
    for (String segment : segments) {
      path.append('/').append(Api.escape(segment));
    }
    api.download(path.toString(), target);
    if (!Digests.of(target).equals(file.sha256())) {
      Files.delete(target);
      throw new ExportException(
          "%s of release %s arrived damaged: check it with modelflow verify %s"
              .formatted(file.path(), artifact, artifact));
    }
  }
}
