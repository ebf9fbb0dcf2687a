package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.worker.StageFailedException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerFaultTest {
  @TempDir private Path folder;

  @Test
  void aTrainerThatHadRoomFailedByItself() {
    StageFailedException failure = TrainerFault.of("It ended with status 1", folder);
    assertThat(failure.isTrainers()).isTrue();
    assertThat(failure.failureClass()).isEqualTo(FailureClass.PLATFORM);
    assertThat(failure).hasMessage("It ended with status 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.io.IOException: No space left on device",
        "It ended with status 1; its last words:\nOSError: [Errno 28] No space left on device",
        "OSError: [Errno 122] Disk quota exceeded"
      })
  void aTrainerWithoutRoomDidNot(String message) {
    assertThat(TrainerFault.of(message, folder).isTrainers()).isFalse();
  }

  @Test
  void aTrainerWhoseFolderCannotBeLookedAtDidNot() {
    assertThat(TrainerFault.of("It ended with status 1", folder.resolve("gone")).isTrainers())
        .isFalse();
  }
}
