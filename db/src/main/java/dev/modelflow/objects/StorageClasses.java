package dev.modelflow.objects;

import java.io.IOException;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Names the storage class where a list of uploads leaves it empty: MinIO does, and the client's
 * parser takes no list that does.
 */
final class StorageClasses implements Interceptor {
  private static final Pattern EMPTY = Pattern.compile("<StorageClass>\\s*</StorageClass>");

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    if (!response.isSuccessful()
        || !chain.request().url().queryParameterNames().contains("uploads")) {
      return response;
    }
    String list =
        EMPTY.matcher(response.body().string()).replaceAll("<StorageClass>STANDARD</StorageClass>");
    return response
        .newBuilder()
        .body(ResponseBody.create(list, response.body().contentType()))
        .build();
  }
}
