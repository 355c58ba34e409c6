/* Open and close N windows of WebKitGTK, one at a time, and print the memory of the process: the growth of the platform.
 *
 *   cc -O1 windows.c -o windows $(pkg-config --cflags --libs webkit2gtk-4.1) && ./windows 1000
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <webkit2/webkit2.h>

static WebKitWebContext *context;
static GtkWidget *window;
static int closed, wanted;

static double memory_in_mb(void) {
  char line[256];
  double kib = 0;
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  while (file && fgets(line, sizeof line, file) && sscanf(line, "Pss: %lf", &kib) != 1) continue;
  if (file) fclose(file);
  return kib * 1024 / 1e6;
}

static gboolean open_one(gpointer unused);

static gboolean close_one(gpointer unused) {
  gtk_widget_destroy(window);
  if (++closed % 100 == 0) {
    malloc_trim(0);
    printf("%d windows: %.1f MB\n", closed, memory_in_mb());
    fflush(stdout);
  }
  if (closed < wanted) g_idle_add(open_one, NULL);
  else gtk_main_quit();
  return G_SOURCE_REMOVE;
}

static void on_load(WebKitWebView *view, WebKitLoadEvent event, gpointer unused) {
  if (event == WEBKIT_LOAD_FINISHED) g_timeout_add(60, close_one, NULL);
}

static gboolean open_one(gpointer unused) {
  GtkWidget *view = webkit_web_view_new_with_context(context);
  window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
  gtk_container_add(GTK_CONTAINER(window), view);
  gtk_widget_show_all(window);
  g_signal_connect(view, "load-changed", G_CALLBACK(on_load), NULL);
  webkit_web_view_load_html(WEBKIT_WEB_VIEW(view), "a page", "https://localhost/");
  return G_SOURCE_REMOVE;
}

int main(int count, char **arguments) {
  wanted = count > 1 ? atoi(arguments[1]) : 1000;
  gtk_init(&count, &arguments);
  context = webkit_web_context_new_ephemeral();
  open_one(NULL);
  gtk_main();
  return 0;
}
