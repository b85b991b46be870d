// A card with a long list that is read page by page, newest first.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Await, type Awaited } from "@/shared/parts/Await";
import { Button } from "@/shared/parts/Button";
import { Card } from "@/shared/parts/Card";

interface Pages<T> extends Omit<Awaited<T[]>, "data"> {
  readonly data: { readonly pages: readonly { readonly items: readonly T[] }[] } | undefined;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

export interface EventListProps<T> {
  title: string;
  query: Pages<T>;
  /** Said when the list cannot be read. */
  failed: string;
  /** Stands in the card's head: what narrows the list. */
  aside?: ReactNode;
  /** Shown when there is nothing in it. */
  empty: ReactNode;
  children: (item: T) => ReactNode;
}

export function EventList<T>({ title, query, failed, aside, empty, children }: EventListProps<T>) {
  const { t } = useTranslation();
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <Card title={title} aside={aside}>
      <Await query={{ ...query, data: items }} failed={failed}>
        {(all) => (all.length === 0 ? empty : <ul>{all.map(children)}</ul>)}
      </Await>
      {query.hasNextPage && (
        <Button
          tone="quiet"
          className="m-2"
          busy={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {t("incidents.more")}
        </Button>
      )}
    </Card>
  );
}
