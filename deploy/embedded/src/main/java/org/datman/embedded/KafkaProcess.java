package org.datman.embedded;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.datman.contracts.topic.Topics;

/**
 * A durable one-node Kafka as a separate process, so that it can die and be restarted without its clients. Arguments:
 * folder, port, controller's port, port of its health, partitions of the topics. Answers 200 at {@value #HEALTH} of the last port
 * once its topics exist and it answers clients, else 503.
 */
public final class KafkaProcess {

    /** Path of the health answer. */
    public static final String HEALTH = "/health";

    private static final long ANSWER_SECONDS = 4;

    private KafkaProcess() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int healthPort = Integer.parseInt(arguments[3]);
        CountDownLatch end = new CountDownLatch(1);
        EmbeddedKafka kafka =
                EmbeddedKafka.start(folder, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            kafka.close();
            end.countDown();
        }));
        kafka.createTopics(Topics.all(Integer.parseInt(arguments[4])));
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        HttpServer health = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), healthPort), 8);
        health.setExecutor(Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "health");
            thread.setDaemon(true);
            return thread;
        }));
        health.createContext(HEALTH, exchange -> {
            exchange.sendResponseHeaders(answers(admin) ? 200 : 503, -1);
            exchange.close();
        });
        health.start();
        end.await();
    }

    private static boolean answers(Admin admin) throws IOException {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }
}
