/** Tests against a real server on a real Postgres and S3 server, over HTTP and in a browser. */
@NullMarked
package dev.modelflow.web;

import org.jspecify.annotations.NullMarked;
