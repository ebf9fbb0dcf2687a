package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StateFolder;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.ManifestFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Copies a run's release out of the object store, where people find it. */
final class Releases {
  private Releases() {}

  /** The folder of the release, complete and checked file by file. */
  static Path materialise(Api api, StateFolder state, Run run) throws IOException {
    String artifact = run.output("release", "release").orElseThrow().artifact();
    Path folder = state.folder("releases").resolve(run.id());
    for (JsonNode each : api.get(Api.path("artifacts", artifact)).path("files")) {
      ManifestFile file =
          new ManifestFile(
              each.path("path").asString(""),
              each.path("size").asLong(0),
              new Digest(each.path("sha256").asString("")));
      fetch(api, artifact, file, folder.resolve(file.path()));
    }
    return folder;
  }

  private static void fetch(Api api, String artifact, ManifestFile file, Path target)
      throws IOException {
    if (Files.exists(target) && digest(target).equals(file.sha256())) {
      return;
    }
    String[] segments = file.path().split("/", -1);
    StringBuilder path = new StringBuilder(Api.path("artifacts", artifact, "files"));
    for (String segment : segments) {
      path.append('/').append(Api.escape(segment));
    }
    api.download(path.toString(), target);
    if (!digest(target).equals(file.sha256())) {
      Files.delete(target);
      throw new StackException(
          "%s of release %s arrived damaged; run: modelflow verify %s"
              .formatted(file.path(), artifact, artifact));
    }
  }

  private static Digest digest(Path file) throws IOException {
    var accumulator = Digest.sha256();
    try (var in = Files.newInputStream(file)) {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        accumulator.update(buffer, 0, read);
      }
    }
    return Digest.of(accumulator);
  }
}
