/** Small notices that a session changed, to every open page. */
package org.datman.dashboard.live;
