package org.datman.simulator.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JDK's sockets, with accepted ones known by their two ends, so that a fault can reset one: a connection of Vert.x can only be
 * closed regularly. Vert.x loads it as a service where the options prefer another transport than its own.
 */
public final class ResettableTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(ResettableTransport.class);

    private static final Map<Ends, Channel> OPEN = new ConcurrentHashMap<>();

    private record Ends(String clientHost, int clientPort, int port) {}

    /** Closes with a TCP reset instead of a regular close: a linger time of zero makes the kernel do it. */
    static void reset(HttpConnection connection) {
        Channel channel = OPEN.get(new Ends(
                connection.remoteAddress().hostAddress(),
                connection.remoteAddress().port(),
                connection.localAddress().port()));
        if (channel == null) {
            // Gone already, or another transport is on the class path: then no fault of this kind can be made.
            LOG.warn(
                    "A connection is closed without a reset, its channel is not known client={}",
                    connection.remoteAddress());
            connection.close();
            return;
        }
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close();
    }

    private static void register(SocketChannel channel) {
        InetSocketAddress client = channel.remoteAddress();
        InetSocketAddress local = channel.localAddress();
        if (client != null && local != null) {
            Ends ends = new Ends(client.getAddress().getHostAddress(), client.getPort(), local.getPort());
            if (OPEN.put(ends, channel) != channel) {
                channel.closeFuture().addListener(closed -> OPEN.remove(ends, channel));
            }
        }
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
        NioEventLoopGroup group = new NioEventLoopGroup(threads, factory);
        group.setIoRatio(ioRatio);
        return group;
    }

    @Override
    public DatagramChannel datagramChannel() {
        return new NioDatagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return new NioDatagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return NioSocketChannel::new;
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return Listening::new;
    }

    private static final class Listening extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            accepted.forEach(one -> register((SocketChannel) one));
            return count;
        }
    }
}
