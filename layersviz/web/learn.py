"""The pages of /learn/: the course in words, each sentence beside a ready lesson's run at just that step."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from layersviz.core.glossary import TERMS
from layersviz.core.said import in_language
from layersviz.recordings.lessons.pages import PAGES
from layersviz.recordings.lessons.pages.page import Page, Sentence
from layersviz.web.glossed import Linker
from layersviz.web.learn_depth import PLAIN, Depth, depth_of
from layersviz.web.learn_runs import ShownRun, runs_of
from layersviz.web.learn_text import Writer, reference
from layersviz.web.reader import for_reader, reader_language
from layersviz.web.recorded_room import read_place
from layersviz.web.said import catalogue
from layersviz.web.showing import own_rooms, ways_to_show
from layersviz.web.state_diagram import draw


@require_safe
@cache_control(no_store=True)
def index(request: HttpRequest) -> HttpResponse:
    """All pages of the course, in order."""
    depth = depth_of(request)
    pages = [{"name": page.name, "about": page.about, "address": _address(page, depth)} for page in PAGES.values()]
    return render(request, "learn.html", for_reader({"pages": pages, **_depths(request, depth)}))


@require_safe
@cache_control(no_store=True)
def glossary(request: HttpRequest) -> HttpResponse:
    """All words, in the order of the reader's alphabet."""
    depth = depth_of(request)
    language = catalogue(reader_language())
    terms = sorted(TERMS, key=lambda term: in_language(term.word, language).casefold())
    words = [
        {"slug": term.slug, "word": term.word, "text": term.text, "source": reference(term.source)} for term in terms
    ]
    return render(request, "glossary.html", for_reader({"terms": words, **_depths(request, depth)}))


@require_safe
@cache_control(no_store=True)
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """One page with its stage; without its recording, the text alone. An address without a step leads to the first."""
    page = PAGES.get(slug)
    if page is None:
        raise Http404(slug)
    depth = depth_of(request)
    runs = runs_of(request, page)
    shown = runs[request.GET.get("run", "")] if request.GET.get("run") in runs else runs[page.runs[0]]
    values = {**_around(page, depth), **_depths(request, depth), **_text(page, depth, runs, shown)}
    if shown.kept is None:
        return render(request, "lesson_text.html", for_reader(values))
    if read_place(request.GET).frame is None:
        return HttpResponseRedirect(_first(values["groups"], shown))
    stage = {"recording": shown.kept, "diagram": draw(), "ways": ways_to_show(own_rooms(request), shown.kept)}
    return render(request, "lesson.html", for_reader({**values, **stage}))


def _first(groups: list[dict[str, Any]], shown: ShownRun) -> str:
    """The address of the first sentence that is a step of that run."""
    return next(str(group["sentences"][0]["address"]) for group in groups if group["run"] is shown)


def _text(page: Page, depth: Depth, runs: Mapping[str, ShownRun], shown: ShownRun) -> dict[str, Any]:
    """The sentences in groups, one for each recording that they go through."""
    writer = Writer(Linker(depth.query))
    groups: list[dict[str, Any]] = []
    for number, sentence in enumerate(page.sentences, start=1):
        run = runs[sentence.run]
        is_shown = run is shown and run.kept is not None
        if not groups or groups[-1]["run"] is not run:
            groups.append({"run": run, "is_shown": is_shown, "sentences": []})
        text = writer.written(depth.of(sentence), run.readings, is_shown=is_shown)
        place = _place(page, sentence, depth, run)
        source = None if depth is PLAIN else reference(sentence.source)
        groups[-1]["sentences"].append({"number": number, "text": text, "source": source, **place})
    return {
        "groups": groups,
        "attempt": writer.written(page.attempt, runs[page.runs[0]].readings),
        "with_all_runs": all(run.kept is not None for run in runs.values()),
    }


def _place(page: Page, sentence: Sentence, depth: Depth, run: ShownRun) -> dict[str, Any]:
    """The sentence's frame and step in that run, and the address that leads there."""
    frame, step = run.readings.place(sentence.at) or (0, 0)
    asked = depth.asked | {"run": sentence.run, "frame": frame, "step": step}
    return {"frame": frame, "step": step, "address": f"{reverse('lesson', args=[page.slug])}?{urlencode(asked)}"}


def _around(page: Page, depth: Depth) -> dict[str, Any]:
    """Where the page stands in the course."""
    pages = list(PAGES.values())
    place = pages.index(page)
    named = [{"name": each.name, "address": _address(each, depth), "is_here": each is page} for each in pages]
    return {
        "page": page,
        "number": place + 1,
        "count": len(pages),
        "course": named,
        "previous": named[place - 1] if place else None,
        "next": named[place + 1] if place + 1 < len(pages) else None,
    }


def _address(page: Page, depth: Depth) -> str:
    return reverse("lesson", args=[page.slug]) + depth.query


def _depths(request: HttpRequest, depth: Depth) -> dict[str, Any]:
    """Both depths, as links that stay on this page, and what every other link carries on."""
    asked = {name: value for name, value in request.GET.items() if name != "depth"}
    links = [
        {"name": each.name_of, "address": f"?{urlencode(asked | each.asked)}", "is_here": each is depth}
        for each in Depth
    ]
    return {"depths": links, "depth_query": depth.query}
