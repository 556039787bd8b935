import Alpine from "alpinejs";
import "htmx.org";
import "./style.css";

Alpine.start();

// A change of a style is put in; of this file, the page is loaded anew.
