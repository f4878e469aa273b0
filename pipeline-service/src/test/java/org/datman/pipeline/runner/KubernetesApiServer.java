package org.datman.pipeline.runner;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The API server of Kubernetes with its store, and nothing that acts on what is stored. */
final class KubernetesApiServer implements AutoCloseable {

    private final List<Process> processes = new ArrayList<>();
    private final int port = BatchCluster.port();

    /** @param folder for all its files */
    KubernetesApiServer(Path folder) throws IOException {
        int store = BatchCluster.port();
        String address = "http://127.0.0.1:" + store;
        start(
                folder,
                "etcd",
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + address,
                "--advertise-client-urls=" + address,
                "--listen-peer-urls=http://127.0.0.1:" + BatchCluster.port());
        Path tokens = Files.writeString(folder.resolve("tokens"), "administrator,admin,1,\"system:masters\"\n");
        KeyPair pair = keys();
        Path key =
                pem(folder.resolve("key.pem"), "PRIVATE KEY", pair.getPrivate().getEncoded());
        Path publicKey =
                pem(folder.resolve("key.pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
        start(
                folder,
                "kube-apiserver",
                "--etcd-servers=" + address,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=" + folder.resolve("certificates"),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/24",
                "--service-account-issuer=https://test",
                "--service-account-key-file=" + publicKey,
                "--service-account-signing-key-file=" + key);
        try (KubernetesClient client = client(null)) {
            Awaitility.await("the API server")
                    .atMost(Duration.ofSeconds(120))
                    .ignoreExceptions()
                    .until(() -> "ok".equals(client.raw("/readyz")));
        }
    }

    static boolean isInstalled() {
        return Stream.of("kube-apiserver", "etcd")
                .allMatch(program -> Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, program))));
    }

    /** @param as account that the administrator acts as; null: itself */
    KubernetesClient client(@Nullable String as) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("https://127.0.0.1:" + port)
                        .withOauthToken("administrator")
                        .withTrustCerts(true)
                        .withRequestRetryBackoffLimit(0)
                        .withImpersonateUsername(as)
                        .build())
                .build();
    }

    private void start(Path folder, String... command) throws IOException {
        processes.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command[0] + ".out").toFile())
                .start());
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path file, String type, byte[] key) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(key);
        return Files.writeString(file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).destroy();
            processes.get(i).onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }
}
