package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tells a trainer that fails by itself from one that had no room to write: disks are freed. */
final class TrainerFault {
  // As the operating system says it, whatever the trainer is written in.
  private static final List<String> NO_ROOM =
      List.of("No space left on device", "Disk quota exceeded");
  private static final long LEAST_ROOM_BYTES = 1 << 20;

  private TrainerFault() {}

  /**
   * The failure of an attempt whose trainer ended with a failure of the platform, or without one.
   *
   * @param message what is known of it, the trainer's last words included
   * @param folder the attempt's working folder
   */
  static StageFailedException of(String message, Path folder) {
    boolean room = NO_ROOM.stream().noneMatch(message::contains) && hasRoom(folder);
    return room
        ? StageFailedException.ofTrainer(message)
        : new StageFailedException(FailureClass.PLATFORM, message);
  }

  private static boolean hasRoom(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace() >= LEAST_ROOM_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }
}
