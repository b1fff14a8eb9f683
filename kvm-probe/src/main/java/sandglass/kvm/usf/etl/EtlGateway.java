package sandglass.kvm.usf.etl;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import sandglass.kvm.sys.Errno;
import sandglass.kvm.usf.call.HostServices.Document;
import sandglass.kvm.usf.call.HostServices.EtlException;

/**
 * Speaks HTTP for functions: only to allowed hosts, without redirects, cookies or proxies, within the invocation's time
 * and up to a size. {@link PlainHttp} carries out what is not encrypted, the JDK's client the rest. Thread-safe; one a pool.
 */
public final class EtlGateway implements AutoCloseable {

    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int CLIENT_ERROR = 400;
    private static final int MAX_PORT = 65_535;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER).proxy(HttpClient.Builder.NO_PROXY).build();
    private final Set<String> allowedHosts;
    private final long maxDocumentBytes;
    private final PlainHttp plain;

    /**
     * @param allowedHosts {@code host} for all its ports, or {@code host:port}
     * @param clockNs      a clock that never goes back
     */
    public EtlGateway(Set<String> allowedHosts, long maxDocumentBytes, LongSupplier clockNs) {
        this.plain = new PlainHttp(clockNs);
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
        URI uri = checked(url, timeNs);
        DocumentBuffer buffer = new DocumentBuffer(windows.pool(), maxDocumentBytes);
        try {
            if (isPlain(uri)) {
                judge(url, plain.get(uri, HTTP_PORT, buffer, timeNs));
            } else {
                getByClient(uri, buffer, url, timeNs);
            }
        } catch (IOException e) {
            buffer.discard();
            throw failure(url, e);
        } catch (EtlException e) {
            buffer.discard();
            throw e;
        }
        long sizeBytes = buffer.sizeBytes();
        return windows.show(buffer.release(), sizeBytes);
    }

    private void getByClient(URI uri, DocumentBuffer buffer, String url, long timeNs) throws EtlException, IOException {
        DocumentReceiver receiver = new DocumentReceiver(buffer);
        try {
            send(HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(timeNs)).GET().build(),
                    info -> info.statusCode() >= OK && info.statusCode() < REDIRECT ? receiver
                            : HttpResponse.BodySubscribers.replacing(0L), url, timeNs);
        } finally {
            receiver.abandon();
        }
    }

    /**
     * Sends a document.
     *
     * @param body   guest memory, which does not change before this returns
     * @param timeNs how long it may take
     * @throws EtlException with what the function is to be told
     */
    public void post(String url, ByteBuffer[] body, long timeNs) throws EtlException {
        URI uri = checked(url, timeNs);
        try {
            if (isPlain(uri)) {
                judge(url, plain.post(uri, HTTP_PORT, body, timeNs));
            } else {
                try (GuestBodyPublisher publisher = new GuestBodyPublisher(body)) {
                    send(HttpRequest.newBuilder(uri).timeout(Duration.ofNanos(timeNs)).POST(publisher).build(),
                            info -> HttpResponse.BodySubscribers.replacing(0L), url, timeNs);
                }
            }
        } catch (IOException e) {
            throw failure(url, e);
        }
    }

    private static boolean isPlain(URI uri) {
        return uri.getScheme().equalsIgnoreCase("http");
    }

    private static EtlException failure(String url, IOException e) {
        if (e instanceof SocketTimeoutException) {
            return new EtlException(Errno.EIO, url + " " + e.getMessage());
        }
        boolean interrupted = e instanceof InterruptedIOException || e instanceof ClosedByInterruptException;
        return new EtlException(interrupted ? Errno.EINTR : Errno.EIO, url + ": " + reason(e));
    }

    private static void judge(String url, int status) throws EtlException {
        if (status >= REDIRECT && status < CLIENT_ERROR) {
            throw new EtlException(Errno.EIO, url + " answers " + status + ": redirects are not followed");
        }
        if (status < OK || status >= CLIENT_ERROR) {
            throw new EtlException(Errno.EIO, url + " answers " + status);
        }
    }

    private URI checked(String url, long timeNs) throws EtlException {
        URI uri;
        try {
            uri = new URI(new URI(url).toASCIIString());
        } catch (URISyntaxException e) {
            throw new EtlException(Errno.EINVAL, "not a url: " + e.getMessage());
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null || uri.getUserInfo() != null) {
            throw new EtlException(Errno.EINVAL, url + ": expected http://host/... or https://host/...");
        }
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? HTTPS_PORT : HTTP_PORT;
        if (port == 0 || port > MAX_PORT) {
            throw new EtlException(Errno.EINVAL, url + ": no port has the number " + port);
        }
        if (!allowedHosts.contains(host) && !allowedHosts.contains(host + ":" + port)) {
            throw new EtlException(Errno.EACCES, host + ":" + port
                    + " is not among the hosts allowed to this function");
        }
        if (timeNs <= 0) {
            throw new EtlException(Errno.EIO, "no time left");
        }
        return uri;
    }

    private void send(HttpRequest request, HttpResponse.BodyHandler<Long> handler, String url, long timeNs)
            throws EtlException {
        CompletableFuture<HttpResponse<Long>> response = client.sendAsync(request, handler);
        try {
            judge(url, response.get(timeNs, TimeUnit.NANOSECONDS).statusCode());
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

    @Override
    public void close() {
        plain.close();
    }
}
