package sandglass.kvm.usf.etl;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.call.HostServices.Document;
import sandglass.kvm.usf.call.HostServices.EtlException;

/**
 * Speaks HTTP for functions: only to allowed hosts, without redirects, cookies or proxies, within the invocation's time
 * and up to a size. Thread-safe; one a pool.
 */
public final class EtlGateway {

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER).proxy(HttpClient.Builder.NO_PROXY).build();
    private final Set<String> allowedHosts;
    private final long maxDocumentBytes;

    /** @param allowedHosts {@code host} for all its ports, or {@code host:port} */
    public EtlGateway(Set<String> allowedHosts, long maxDocumentBytes) {
        this.allowedHosts = Set.copyOf(allowedHosts);
        this.maxDocumentBytes = maxDocumentBytes;
    }

    /**
     * Fetches a document into a window.
     *
     * @param timeNs how long it may take
     * @throws EtlException with what the function is to be told
     */
    public Document get(String url, Windows windows, long timeNs) throws EtlException {
        HttpRequest request = request(url, timeNs).GET().build();
        DocumentReceiver receiver = new DocumentReceiver(windows.pool(), maxDocumentBytes);
        try {
            send(request, info -> {
                if (info.statusCode() >= OK && info.statusCode() < REDIRECT) {
                    receiver.expect(info.headers().firstValueAsLong("Content-Length").orElse(0));
                    return receiver;
                }
                return HttpResponse.BodySubscribers.replacing(0L);
            }, url, timeNs);
        } catch (EtlException e) {
            receiver.abandon();
            throw e;
        }
        long sizeBytes = receiver.sizeBytes();
        return windows.show(receiver.release(), sizeBytes);
    }

    /**
     * Sends a document.
     *
     * @param body   guest memory, which does not change before this returns
     * @param timeNs how long it may take
     * @throws EtlException with what the function is to be told
     */
    public void post(String url, ByteBuffer[] body, long timeNs) throws EtlException {
        send(request(url, timeNs).POST(new GuestBodyPublisher(body)).build(),
                info -> HttpResponse.BodySubscribers.replacing(0L), url, timeNs);
    }

    private HttpRequest.Builder request(String url, long timeNs) throws EtlException {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new EtlException(Errno.EINVAL, "not a url: " + e.getMessage());
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new EtlException(Errno.EINVAL, url + ": expected http://host/... or https://host/...");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        if (!allowedHosts.contains(host) && !allowedHosts.contains(host + ":" + port)) {
            throw new EtlException(Errno.EACCES, host + ":" + port
                    + " is not among the hosts allowed to this function");
        }
        if (timeNs <= 0) {
            throw new EtlException(Errno.EIO, "no time left");
        }
        return HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(timeNs));
    }

    private void send(HttpRequest request, HttpResponse.BodyHandler<Long> handler, String url, long timeNs)
            throws EtlException {
        CompletableFuture<HttpResponse<Long>> response = client.sendAsync(request, handler);
        try {
            int status = response.get(timeNs, TimeUnit.NANOSECONDS).statusCode();
            if (status >= REDIRECT && status < CLIENT_ERROR) {
                throw new EtlException(Errno.EIO, url + " answers " + status + ": redirects are not followed");
            }
            if (status < OK || status >= CLIENT_ERROR) {
                throw new EtlException(Errno.EIO, url + " answers " + status);
            }
        } catch (TimeoutException e) {
            response.cancel(true);
            throw new EtlException(Errno.EIO, url + " does not answer in time");
        } catch (ExecutionException e) {
            throw new EtlException(Errno.EIO, url + ": " + reason(e.getCause()));
        } catch (InterruptedException e) {
            response.cancel(true);
            Thread.currentThread().interrupt();
            throw new EtlException(Errno.EINTR, "interrupted");
        }
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return cause instanceof IOException ? message : cause.getClass().getSimpleName() + ": " + message;
    }
}
