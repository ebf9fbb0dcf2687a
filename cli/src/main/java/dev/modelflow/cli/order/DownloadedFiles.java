package dev.modelflow.cli.order;

import dev.modelflow.cli.client.Api;
import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Brings files from the server, into a folder that lasts until this is closed. */
public final class DownloadedFiles implements ArtifactFiles, AutoCloseable {
  private final Api api;
  private final Path root;

  private DownloadedFiles(Api api, Path root) {
    this.api = api;
    this.root = root;
  }

  /** Asks this server; nothing is there yet. */
  public static DownloadedFiles from(Api api) throws IOException {
    return new DownloadedFiles(api, Files.createTempDirectory("modelflow-data-order"));
  }

  @Override
  public Path folder(String artifact, List<String> names) {
    Path folder = root.resolve(artifact);
    for (String name : names) {
      Path file = folder.resolve(name);
      if (!Files.exists(file)) {
        api.download(Api.path("artifacts", artifact, "files", name), file);
      }
    }
    return folder;
  }

  @Override
  public List<String> present(String artifact, List<String> names) {
    List<String> paths =
        api.get(Api.path("artifacts", artifact))
            .path("files")
            .valueStream()
            .map(file -> file.path("path").asString(""))
            .toList();
    return names.stream().filter(paths::contains).toList();
  }

  @Override
  public void close() throws IOException {
    Folders.delete(root);
  }
}
