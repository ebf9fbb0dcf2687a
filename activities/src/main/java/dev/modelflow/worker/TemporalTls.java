package dev.modelflow.worker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How connections to the workflow engine are made safe. All files are PEM; a connection reads them
 * as they are when it is made.
 *
 * @param authorities those that sign the server's certificate; null for those that the JDK knows
 * @param serverName name in the server's certificate, where it is not the address's
 * @param certificate what this process shows when the server asks who it is; null for nothing
 * @param key private key of that certificate; null without one
 */
public record TemporalTls(
    @Nullable Path authorities,
    @Nullable String serverName,
    @Nullable Path certificate,
    @Nullable Path key) {}
