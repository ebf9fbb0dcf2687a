package dev.modelflow.web.flow;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.ObjectStore;
import dev.modelflow.objects.ObjectStoreException;
import dev.modelflow.read.ArtifactView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fetches files of artifacts. */
public final class Downloads {
  private final ObjectStore store;

  Downloads(ObjectStore store) {
    this.store = store;
  }

  /**
   * A copy of the file for the caller to delete, whole and checked against its digest.
   *
   * @throws ObjectFaultException when the object is missing or holds other bytes
   */
  public Path copy(ArtifactView.File file) throws IOException {
    Path copy = Files.createTempFile("modelflow-object", null);
    try {
      store.get(new Digest(file.sha256()), copy);
      return copy;
    } catch (ObjectStoreException failure) {
      Files.delete(copy);
      throw new ObjectFaultException(
          "'%s' cannot be read: %s; verify the artifact to see what else is damaged"
              .formatted(file.path(), failure.getMessage()),
          failure);
    }
  }
}
