package org.datman.local.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.datman.local.InstallationFolder;
import org.datman.local.process.RunState;

/** Prints folders and addresses; printed last, so that they stay visible on the screen. */
final class Addresses {

    private Addresses() {}

    static void print(PrintWriter out, InstallationFolder home, Path studies, RunState state) throws IOException {
        out.println();
        out.println("  Files      " + home.archive());
        out.println("  Studies    " + studies + "  (change them; DATMAN reads them again)");
        out.printf("  %-10s %s%n", state.product(), state.xnatUrl());
        if (!state.webhookUrl().isEmpty()) {
            out.println("  Webhooks   " + state.webhookUrl() + "  (secret in " + home.secret("webhook-secret") + ")");
        }
        out.println("  Dashboard  " + state.dashboardUrl());
        out.println("  Login      admin / "
                + Files.readString(home.secret("dashboard-password")).strip());
        out.flush();
    }
}
